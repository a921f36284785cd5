/* What cerium adds to Lua: memory with a limit, objects with numbers, and steps that library calls count. */

#ifndef cerium_h
#define cerium_h

#include <stddef.h>

struct lua_State;

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

/* The type of an argument; its value too, if that is an integer, and then the type is CERIUM_INTEGER. */
int cerium_argument (struct lua_State *L, int place, long long *value);

#define CERIUM_INTEGER (-2)

/* Takes a call's steps off the slice. The thread's steps are counted anew from here on. */
void cerium_called (struct lua_State *L, int steps);

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
