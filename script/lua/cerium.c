/* What cerium adds to Lua; see cerium.h. */

#define LUA_CORE

#include <stdlib.h>

#include "lua.h"
#include "lauxlib.h"

#include "ldebug.h"
#include "ldo.h"
#include "lgc.h"
#include "lobject.h"
#include "lopcodes.h"
#include "lstate.h"
#include "lstring.h"
#include "ltm.h"

#include "cerium.h"

struct cerium *cerium_of (lua_State *L) {
  return *(struct cerium **)lua_getextraspace(L);
}

/* Takes steps off what is left of the slice, so that the hook comes in time. */
void cerium_spend (struct cerium *c, size_t count) {
  lua_State *L = c->running;
  if (L == NULL) return;
  if (count <= (size_t)L->hookcount)
    L->hookcount -= (int)count;
  else {
    c->over += (long long)count - L->hookcount;
    L->hookcount = 0;
  }
}

void cerium_steps (lua_State *L, size_t count) {
  struct cerium *c = cerium_of(L);
  cerium_spend(c, count);
  if (c->over > c->bound)
    luaL_error(L, "a call of the library took more than %I steps", (LUAI_UACINT)c->bound);
}

/* The count hook: the slice is over. Inside a call that cannot be left it waits, but not for ever. */
static void on_count (lua_State *L, lua_Debug *ar) {
  struct cerium *c = cerium_of(L);
  (void)ar;
  if (lua_isyieldable(L)) {
    c->cut = 1;
    lua_yield(L, 0);
    return;
  }
  L->hookmask = 0;
  /* And the instruction that is begun, which no count shows. */
  c->over += (long long)L->basehookcount + 1;
  if (c->over > c->bound) {
    L->basehookcount = L->hookcount = 0;
    luaG_runerror(L, "more than %I steps where no other thread can run", (LUAI_UACINT)c->bound);
  }
}

int cerium_count (lua_State *L) {
  L->hook = on_count;
  L->hookmask = LUA_MASKCOUNT;
  L->hookcount = 1;
  return 1;
}

static void *allocate (void *ud, void *ptr, size_t osize, size_t nsize) {
  struct cerium *c = (struct cerium *)ud;
  struct cerium_block *block = ptr ? (struct cerium_block *)ptr - 1 : NULL;
  size_t old = ptr ? osize + sizeof(*block) : 0;
  size_t new = nsize + sizeof(*block);
  if (nsize == 0) {
    c->used -= old;
    free(block);
    return NULL;
  }
  if (new < nsize || (new > old && !c->exempt && (new - old) > c->limit - (c->used < c->limit ? c->used : c->limit)))
    return NULL;
  /* Large blocks take long to fill, whoever asks for them. */
  if (nsize >= 4096) cerium_spend(c, nsize >> 6);
  block = (struct cerium_block *)realloc(block, new);
  if (block == NULL) return NULL;
  if (ptr == NULL) {
    int has_number = osize == LUA_TTABLE || osize == LUA_TFUNCTION;
    block->number = has_number ? ++c->objects : 0;
    block->unused = 0;
  }
  c->used = c->used - old + new;
  return block + 1;
}

/* When the collector runs must not be seen: finalizers and weak tables are had under names of cerium's own. */
static void hide (lua_State *L, TMS event, const char *name) {
  TString *hidden = luaS_new(L, name);
  G(L)->tmname[event] = hidden;
  luaC_fix(L, obj2gco(hidden));
}

lua_State *cerium_newstate (struct cerium *c) {
  lua_State *L = lua_newstate(allocate, c);
  if (L == NULL) return NULL;
  *(struct cerium **)lua_getextraspace(L) = c;
  hide(L, TM_GC, "\1no finalizers");
  hide(L, TM_MODE, "\1no weak tables");
  return L;
}

void cerium_start (lua_State *L, int instructions) {
  cerium_arm(L, instructions);
}

#define beside(L) (*(struct cerium **)lua_getextraspace(L))

/* How many steps it has taken since then. */
long long cerium_taken (lua_State *L) {
  const struct cerium *c = beside(L);
  return (long long)L->basehookcount - (c->cut ? 0 : L->hookcount) + c->over;
}

void cerium_enter (lua_State *L, struct cerium_entry *entry) {
  const CallInfo *ci = L->ci;
  const CallInfo *caller = ci->previous;
  const CClosure *function = ttisCclosure(s2v(ci->func.p)) ? clCvalue(s2v(ci->func.p)) : NULL;
  entry->cerium = *(struct cerium **)lua_getextraspace(L);
  entry->upvalue = function != NULL ? ivalue(&function->upvalue[0]) : 0;
  entry->count = (int)(L->top.p - (ci->func.p + 1));
  entry->can_yield = yieldable(L);
  entry->is_plain = isLua(caller) && GET_OPCODE(caller->u.l.savedpc[-1]) == OP_CALL;
}

/* Takes a call's steps off the slice, and counts anew from here on. */
l_sinline void called (lua_State *L, struct cerium *c, int steps) {
  int left = L->hookcount - steps;
  if (l_unlikely(c->over != 0)) {
    left = (long long)left < c->over ? 0 : (int)(left - c->over);
    c->over = 0;
  }
  L->basehookcount = L->hookcount = left < 1 ? 1 : left;
}

void cerium_called (lua_State *L) {
  called(L, beside(L), CERIUM_CALL_STEPS);
}

int cerium_call (lua_State *L, StkId func, int nresults) {
  struct cerium *c = beside(L);
  int n;
  /* Where the thread cannot leave, or its stack is to grow for a function, that is called. */
  if (l_unlikely(!yieldable(L) || L->stack_last.p - L->top.p <= LUA_MINSTACK)) return 0;
  n = ((cerium_door)pvalue(&clCvalue(s2v(func))->upvalue[1]))(c, s2v(func), (int)(L->top.p - (func + 1)),
        L->basehookcount - L->hookcount + c->over);
  if (l_likely(n >= 0)) {
    called(L, beside(L), CERIUM_CALL_STEPS);
    cerium_give(L, func, func, n, nresults);
    return 1;
  }
  if (n == CERIUM_LEAVES) {
    called(L, beside(L), CERIUM_CALL_STEPS);
    L->status = LUA_YIELD;
    L->ci->u2.nyield = 0;
    L->ci->callstatus |= CIST_ASKED;
    luaD_throw(L, LUA_YIELD);
  }
  return 0;
}

const void *cerium_pointer (lua_State *L, int index) {
  const void *p = lua_topointer(L, index);
  int type = lua_type(L, index);
  if (type == LUA_TTABLE) return (const void *)(size_t)cerium_number(p);
  if (type != LUA_TFUNCTION) return NULL;
  if (lua_iscfunction(L, index)) {
    /* A function without upvalues is an address and no object. */
    if (lua_getupvalue(L, index, 1) == NULL) return NULL;
    lua_pop(L, 1);
  }
  return (const void *)(size_t)cerium_number(p);
}
