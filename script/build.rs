//! Builds Lua 5.4 from the sources beside this file, with what is changed in them.
//!
//! The sources are those of the release, untouched; `PATCHES` is every difference, with its reason. A patch
//! whose text is not found exactly once ends the build.

use std::path::{Path, PathBuf};
use std::{env, fs};

/// What is changed in a file of the release, and into what.
const PATCHES: &[(&str, &str, &str)] = &[
    // The order of a table's nodes must not depend on addresses: objects hash by the number of their creation.
    (
        "ltable.c",
        "#define hashpointer(t,p)\thashmod(t, point2uint(p))",
        "#include \"cerium.h\"\n#define hashpointer(t,p)\thashmod(t, cerium_hash(p))",
    ),
    // Neither must a text: tostring and %p show that number.
    ("lauxlib.c", "lua_topointer(L, idx)", "cerium_pointer(L, idx)"),
    ("lauxlib.c", "#include \"lauxlib.h\"", "#include \"lauxlib.h\"\n#include \"cerium.h\""),
    ("lstrlib.c", "lua_topointer(L, arg)", "cerium_pointer(L, arg)"),
    // Mathematical functions that host libraries round differently.
    (
        "lmathlib.c",
        "#undef PI",
        "#include \"cerium.h\"\n#define sin cerium_sin\n#define cos cerium_cos\n#define tan cerium_tan\n\
         #define asin cerium_asin\n#define acos cerium_acos\n#define atan2 cerium_atan2\n\
         #define exp cerium_exp\n#define log cerium_log\n#define log2 cerium_log2\n\
         #define log10 cerium_log10\n#undef PI",
    ),
    (
        "llimits.h",
        "#if !defined(luai_numpow)",
        "extern double cerium_pow(double a, double b);\n\
         #define luai_numpow(L,a,b) ((void)L, cerium_pow(a, b))\n#if !defined(luai_numpow)",
    ),
    // Instructions are counted where they are fetched. Lua's own count hook takes a function call for each.
    (
        "lvm.c",
        "#define vmfetch()\t{ \\\n  if (l_unlikely(trap)) {  /* stack reallocation or hooks? */ \\\n    \
         trap = luaG_traceexec(L, pc);  /* handle hooks */ \\\n    updatebase(ci);  /* correct stack */ \\\n  } \\\n  \
         i = *(pc++); \\\n}",
        "#define vmfetch()\t{ \\\n  if (l_unlikely(--L->hookcount < 0)) { \\\n    \
         cerium_count(L); luaG_traceexec(L, pc); updatebase(ci); \\\n  } \\\n  i = *pc; pc++; \\\n}",
    ),
    // There is no other hook. So what else a trap says, that the stack has moved, is looked at where it can have,
    // and not before every instruction.
    (
        "lvm.c",
        "#define updatetrap(ci)  (trap = ci->u.l.trap)",
        "#define updatetrap(ci)  (trap = ci->u.l.trap, \\\n  \
         l_unlikely(trap) ? (void)(ci->u.l.trap = 0, base = ci->func.p + 1) : (void)0)",
    ),
    ("lvm.c", "{ pc += GETARG_sJ(i) + e; updatetrap(ci); }", "{ pc += GETARG_sJ(i) + e; }"),
    ("lvm.c", "        updatetrap(ci);  /* allows a signal to break the loop */\n", ""),
    ("lvm.c", "  if (l_unlikely(trap))\n    trap = luaG_tracecall(L);\n", ""),
    ("lvm.c", "#include \"lvm.h\"", "#include \"lvm.h\"\n#include \"cerium.h\""),
    // A call of CE is made where it stands: it has no frame of its own, and a thread that it blocks leaves from
    // there, and is answered there.
    (
        "lvm.c",
        "        if ((newci = luaD_precall(L, ra, nresults)) == NULL)\n          updatetrap(ci);",
        "        if (cerium_is_row(L, s2v(ra)) && cerium_call(L, ra, nresults)) ;\n        \
         else if ((newci = luaD_precall(L, ra, nresults)) == NULL)\n          updatetrap(ci);",
    ),
    ("ldo.c", "#include \"lzio.h\"", "#include \"lzio.h\"\n#include \"cerium.h\""),
    (
        "ldo.c",
        "    if (isLua(ci)) {  /* yielded inside a hook? */",
        "    if (ci->callstatus & CIST_ASKED) cerium_answer(L, ci, n);\n    \
         else if (isLua(ci)) {  /* yielded inside a hook? */",
    ),
    // What `lua_resume` asks of a thread that it does not know, we know.
    (
        "ldo.c",
        "LUA_API int lua_resume (lua_State *L, lua_State *from, int nargs,",
        "/* Goes on behind a call that has no frame. */\n\
         l_sinline void answered (lua_State *L, int n) {\n  \
           CallInfo *ci = L->ci;\n  \
           L->status = LUA_OK;\n  \
           cerium_answer(L, ci, n);\n  \
           luaV_execute(L, ci);\n  \
           if (L->ci != &L->base_ci) unroll(L, NULL);\n}\n\n\
         int cerium_resume (lua_State *L, int steps, int nargs) {\n  \
           int results;\n  \
           struct lua_longjmp lj;\n  \
           cerium_arm(L, steps);\n  \
           if (l_unlikely(!(L->ci->callstatus & CIST_ASKED))) return lua_resume(L, NULL, nargs, &results);\n  \
           L->nCcalls = 1;\n  \
           lj.status = LUA_OK;\n  \
           lj.previous = NULL;\n  \
           L->errorJmp = &lj;\n  \
           LUAI_TRY(L, &lj, answered(L, nargs); );\n  \
           L->errorJmp = NULL;\n  \
           L->nCcalls = 1;\n  \
           if (l_likely(!errorstatus(lj.status))) return lj.status;\n  \
           lj.status = precover(L, lj.status);\n  \
           if (errorstatus(lj.status)) {\n    \
             L->status = cast_byte(lj.status);\n    \
             luaD_seterrorobj(L, lj.status, L->top.p);\n    \
             L->ci->top.p = L->top.p;\n  \
           }\n  \
           return lj.status;\n}\n\n\
         LUA_API int lua_resume (lua_State *L, lua_State *from, int nargs,",
    ),
    // Leaving a coroutine is a jump that has no signal masks and no cleanup handlers to look after.
    (
        "ldo.c",
        "#if !defined(LUAI_THROW)\t\t\t\t/* { */",
        "#if defined(__x86_64__) && defined(__GNUC__)\n\
         #define LUAI_THROW(L,c) __builtin_longjmp((c)->b, 1)\n\
         #define LUAI_TRY(L,c,a) if (__builtin_setjmp((c)->b) == 0) { a }\n\
         #define luai_jmpbuf cerium_jump\n\
         typedef void *cerium_jump[5];\n\
         #endif\n\
         #if !defined(LUAI_THROW)\t\t\t\t/* { */",
    ),
    // Random numbers begin with the same seed.
    ("lmathlib.c", "(lua_Unsigned)time(NULL)", "0"),
    ("lmathlib.c", "(lua_Unsigned)(size_t)L", "0"),
    // What can take long counts steps: matching, searching, repeating, moving, sorting, counting.
    ("lstrlib.c", "#include \"lualib.h\"", "#include \"lualib.h\"\n#include \"cerium.h\""),
    (
        "lstrlib.c",
        "                        const char *ep) {\n  if (s >= ms->src_end)\n    return 0;",
        "                        const char *ep) {\n  cerium_steps(ms->L, 1);\n  if (s >= ms->src_end)\n    return 0;",
    ),
    (
        "lstrlib.c",
        "static const char *lmemfind (const char *s1,",
        "static const char *lmemfind (lua_State *L, const char *s1,",
    ),
    ("lstrlib.c", "lmemfind(s + init, ls", "lmemfind(L, s + init, ls"),
    (
        "lstrlib.c",
        "      init++;   /* 1st char is already checked */",
        "      init++;   /* 1st char is already checked */\n      cerium_steps(L, 1 + l2 / 64);",
    ),
    ("lstrlib.c", "    while (n-- > 1) {", "    while (n-- > 1) {\n      cerium_steps(L, 1);"),
    ("lstrlib.c", "    else { /* format item */", "    else { /* format item */\n      cerium_steps(L, 16);"),
    (
        "ltablib.c",
        "#include \"lualib.h\"",
        "#include \"lualib.h\"\n#include \"cerium.h\"\n\
         #define lua_geti(L,i,n) (cerium_steps(L, 1), lua_geti(L,i,n))\n\
         #define lua_compare(L,a,b,o) (cerium_steps(L, 1), lua_compare(L,a,b,o))",
    ),
    ("lutf8lib.c", "#include \"lualib.h\"", "#include \"lualib.h\"\n#include \"cerium.h\""),
    (
        "lutf8lib.c",
        "  while (posi <= posj) {\n    const char *s1 = utf8_decode(s + posi, NULL, !lax);\n    if (s1 == NULL) {  /* conv",
        "  cerium_steps(L, len / 8);\n  while (posi <= posj) {\n    const char *s1 = utf8_decode(s + posi, NULL, !lax);\n    if (s1 == NULL) {  /* conv",
    ),
];

/// The release whose sources these are.
const RELEASE: &str = "5.4.9";

fn main() {
    let lua = Path::new("lua");
    let out = PathBuf::from(env::var_os("OUT_DIR").expect("cargo sets it")).join("lua");
    fs::create_dir_all(&out).expect("OUT_DIR can be written");
    println!("cargo:rerun-if-changed=lua");
    println!("cargo:rerun-if-changed=build.rs");

    let mut build = cc::Build::new();
    for folder in [lua.join(RELEASE), lua.to_path_buf()] {
        for source in sources(&folder) {
            let name = source.file_name().and_then(|name| name.to_str()).expect("a plain name");
            let to = out.join(name);
            fs::write(&to, patched(name, &source)).expect("OUT_DIR can be written");
            if to.extension().is_some_and(|ending| ending == "c") {
                build.file(to);
            }
        }
    }
    build
        .include(&out)
        .std("c11")
        .define("LUA_USE_POSIX", None)
        // The seed of hashes, and what sorting falls back on when its input is against it.
        .define("luai_makeseed(L)", "0u")
        .define("l_randomizePivot()", "0u")
        .opt_level(3)
        .debug(false)
        .force_frame_pointer(false)
        // Each of the machine's instructions has its own jump to the next.
        .flag_if_supported("-fno-gcse")
        .flag_if_supported("-fno-crossjumping")
        .flag_if_supported("-fno-math-errno")
        .warnings(false)
        .compile("cerium_lua");
    println!("cargo:rustc-link-lib=m");
}

fn sources(folder: &Path) -> Vec<PathBuf> {
    let entries = fs::read_dir(folder).expect("the sources are in the package");
    let mut files: Vec<PathBuf> = entries.map(|entry| entry.expect("a readable folder").path()).collect();
    files.retain(|file| file.extension().is_some_and(|ending| ending == "c" || ending == "h"));
    files.sort();
    files
}

fn patched(name: &str, source: &Path) -> String {
    let mut text = fs::read_to_string(source).expect("Lua's sources are text");
    for (file, from, to) in PATCHES {
        if *file == name {
            assert_eq!(text.matches(from).count(), 1, "{file} has no single {from:?}");
            text = text.replacen(from, to, 1);
        }
    }
    text
}
