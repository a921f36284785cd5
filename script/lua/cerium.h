/* What cerium adds to Lua: memory with a limit, objects with numbers, and steps that library calls count. */

#ifndef cerium_h
#define cerium_h

#include <stddef.h>

struct lua_State;
struct cerium;

/* Makes a call of CE with so many arguments behind its function, after so many steps. Says how many results stand
   in its place, or one of CERIUM_DECLINED, CERIUM_MORE, CERIUM_LEAVES. A value is laid out as Lua's. */
typedef int (*cerium_door) (struct cerium *c, void *function, int count, long long steps);

/* How many steps a call of CE takes; `src/lua/frame.rs` has the same. */
#define CERIUM_CALL_STEPS 10

#define CERIUM_DECLINED (-1)  /* nothing is done: it is to be made in a frame of its own */
#define CERIUM_MORE (-2)      /* it is answered, by more than plain values: a frame of its own gives them */
#define CERIUM_LEAVES (-3)    /* the thread leaves its coroutine with it */

/* Beside every state, reached from each of its threads. `src/lua/ffi.rs` has the same. */
struct cerium {
  size_t used;                 /* bytes that the state has */
  size_t limit;                /* how many it may have */
  unsigned long long objects;  /* objects numbered so far */
  struct lua_State *running;   /* whose instructions are counted */
  long long over;              /* steps of this turn that hookcount does not show */
  long long bound;             /* how many of these end the script */
  int exempt;                  /* Rust code holds values: an allocation may not fail now */
  int cut;                     /* the hook ended the slice */
  int (*row) (struct lua_State *L);  /* the function that all rows are */
};

/* Before every block. */
struct cerium_block {
  unsigned long long number;
  unsigned long long unused;
};

struct cerium *cerium_of (struct lua_State *L);

/* What a function of cerium's is called with. */
struct cerium_entry {
  struct cerium *cerium;
  long long upvalue;  /* the number that it was made with; 0 if it was made without */
  int count;          /* how many arguments */
  int can_yield;
  int is_plain;       /* a call instruction of Lua's machine calls it, and goes on behind it */
};

/* Looks at the function that is being called. */
void cerium_enter (struct lua_State *L, struct cerium_entry *entry);

/* A row's function, which a call instruction calls. The door is its second upvalue. */
#define cerium_is_row(L,v) \
  (ttisCclosure(v) && clCvalue(v)->f == (*(struct cerium **)lua_getextraspace(L))->row)

/* Makes the call of the function at this place of the stack, with what stands above it. Says whether its
   results are there; if not, the function is to be called. */
#ifdef lobject_h
int cerium_call (struct lua_State *L, StkId func, int nresults);
#endif

/* The thread has left with a call that has no frame. */
#define CIST_ASKED (1 << 14)

#if defined(lstate_h) && defined(lopcodes_h)
/* Lets a thread run so many instructions from here on before its hook comes. */
static inline void cerium_arm (struct lua_State *L, int instructions) {
  struct cerium *c = *(struct cerium **)lua_getextraspace(L);
  c->running = L;
  c->over = 0;
  c->cut = 0;
  L->hookmask = 0;
  L->basehookcount = L->hookcount = instructions;
  /* It goes on with an instruction before which the hook has just been. */
  L->ci->callstatus &= ~CIST_HOOKYIELD;
}

/* Gives so many values, perhaps where they stand, as the results that a call instruction wants. */
static inline void cerium_give (struct lua_State *L, StkId to, StkId from, int n, int wanted) {
  int i;
  if (l_unlikely(wanted == LUA_MULTRET)) wanted = n;
  if (to != from)
    for (i = 0; i < n && i < wanted; i++) setobjs2s(L, to + i, from + i);
  for (i = n; i < wanted; i++) setnilvalue(s2v(to + i));
  L->top.p = to + wanted;
}

/* The thread goes on behind the call that it left with, whose results are on top. */
static inline void cerium_answer (struct lua_State *L, CallInfo *ci, int n) {
  Instruction i = ci->u.l.savedpc[-1];
  ci->callstatus &= ~CIST_ASKED;
  cerium_give(L, ci->func.p + 1 + GETARG_A(i), L->top.p - n, n, GETARG_C(i) - 1);
}
#endif

/* Lets a thread run so many instructions, with what is on top as the results of the call that it left with. */
int cerium_resume (struct lua_State *L, int steps, int nargs);

/* Takes a call's steps off the slice. The thread's steps are counted anew from here on. */
void cerium_called (struct lua_State *L);

/* Takes steps off what is left of the slice of whoever runs. */
void cerium_spend (struct cerium *c, size_t count);

/* Counts steps that are no instructions. Raises an error when a turn has far too many. */
void cerium_steps (struct lua_State *L, size_t count);

/* The slice is over: lets the hook run before the next instruction. Says that there is one. */
int cerium_count (struct lua_State *L);

/* Stands for lua_topointer: the number of an object's creation. */
const void *cerium_pointer (struct lua_State *L, int index);

#define cerium_number(p) ((unsigned int)((const struct cerium_block *)(const void *)(p))[-1].number)
#define cerium_hash(p) _Generic((p), GCObject *: cerium_number(p), default: 0u)

double cerium_sin (double x);
double cerium_cos (double x);
double cerium_tan (double x);
double cerium_asin (double x);
double cerium_acos (double x);
double cerium_atan2 (double y, double x);
double cerium_exp (double x);
double cerium_log (double x);
double cerium_log2 (double x);
double cerium_log10 (double x);
double cerium_pow (double a, double b);

#endif
