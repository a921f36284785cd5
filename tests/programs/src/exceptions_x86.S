/* exceptions_x86.S - functions with __try as Microsoft's compilers write them for x86, after Matt Pietrek,
 * "A Crash Course on the Depths of Win32 Structured Exception Handling": a registration of next, handler,
 * scope table, level and ebp; the stack pointer and the EXCEPTION_POINTERS below it; filters and handlers that
 * find the frame by ebp. */
    .intel_syntax noprefix
    .text

    .set BODY, 0
    .set ARG, 4
    .set FILTER, 8
    .set HANDLED, 12
    .set FINALLY, 16
    .set OUTER, 20
    .set OUTER_HANDLED, 24

/* push of an address, which this assembler takes for a short one. */
    .macro PUSH_ADDRESS symbol
    .byte 0x68
    .long \symbol
    .endm

/* The frame: [ebp-4] level, -8 scopes, -12 handler, -16 next, -20 pointers, -24 esp, -28 code, -32 r. */
    .macro BEGIN_eh3 name
    .globl _\name\()_eh3
_\name\()_eh3:
    push ebp
    mov ebp, esp
    push -1
    PUSH_ADDRESS Lscopes_\name
    PUSH_ADDRESS __except_handler3
    mov eax, fs:[0]
    push eax
    mov fs:[0], esp
    sub esp, 16
    push ebx
    push esi
    push edi
    mov [ebp-24], esp
    .endm
    .macro END_eh3
    mov ecx, [ebp-16]
    mov fs:[0], ecx
    pop edi
    pop esi
    pop ebx
    leave
    ret
    .endm
/* With cookies: [ebp-8] is encoded, one is below the saved registers, one for buffers below that; levels end at
 * -2. */
    .macro BEGIN_eh4 name
    .globl _\name\()_eh4
_\name\()_eh4:
    push ebp
    mov ebp, esp
    push -2
    PUSH_ADDRESS Lscopes_\name\()_4
    PUSH_ADDRESS Lhandler4
    mov eax, fs:[0]
    push eax
    sub esp, 16
    push ebx
    push esi
    push edi
    mov eax, Lcookie
    xor [ebp-8], eax
    lea ecx, [ebp+12]
    xor ecx, eax
    xor eax, ebp
    push eax
    push ecx
    mov [ebp-24], esp
    lea eax, [ebp-16]
    mov fs:[0], eax
    .endm
    .macro END_eh4
    mov ecx, [ebp-16]
    mov fs:[0], ecx
    pop ecx
    pop ecx
    pop edi
    pop esi
    pop ebx
    leave
    ret
    .endm
    .macro COOKIES_eh4 buffers=1
    .if \buffers
    .long -52, 12, -48, 0
    .else
    .long -2, 0, -48, 0
    .endif
    .endm
    .macro COOKIES_eh3 buffers=1
    .endm
    .macro COOKIES_prolog buffers=1
    .endm
    .macro UNWIND_eh4
    push -2
    lea eax, [ebp-16]
    push eax
    PUSH_ADDRESS Lcookie
    call __local_unwind4
    add esp, 12
    .endm
    .macro UNWIND_eh3
    push -1
    lea eax, [ebp-16]
    push eax
    call __local_unwind2
    add esp, 8
    .endm
    .macro UNWIND_prolog
    UNWIND_eh3
    .endm
    .macro BEGIN_prolog name
    .globl _\name\()_prolog
_\name\()_prolog:
    push 16
    PUSH_ADDRESS Lscopes_\name\()_p
    call __SEH_prolog
    .endm
    .macro END_prolog
    call __SEH_epilog
    ret
    .endm

/* A filter: keeps the code, asks, returns the answer. */
    .macro ASK place
    mov eax, [ebp-20]
    mov ecx, [eax]
    mov ecx, [ecx]
    mov [ebp-28], ecx
    mov ecx, [ebp+8]
    push [ecx+ARG]
    push eax
    call [ecx+\place]
    add esp, 8
    ret
    .endm
/* A handler: with the frame's stack again, at the level around it. That is there already, but for compilers that
 * set it all the same. */
    .macro HANDLE place, level, suffix
    mov esp, [ebp-24]
    .ifnc \suffix,_p
    mov dword ptr [ebp-4], \level
    .endif
    mov ecx, [ebp+8]
    push [ecx+ARG]
    push [ebp-28]
    call [ecx+\place]
    add esp, 8
    mov [ebp-32], eax
    .endm
    .macro CALL_BODY
    mov esi, [ebp+8]
    push [esi+ARG]
    call [esi+BODY]
    add esp, 4
    mov [ebp-32], eax
    .endm
/* A termination handler, which is also called when its scope is left as it should be. */
    .macro TERMINATE
    call ___abnormal_termination
    mov ecx, [ebp+8]
    push [ecx+ARG]
    push eax
    call [ecx+FINALLY]
    add esp, 8
    ret
    .endm

    .macro GUARDED kind, suffix, top=-1
    BEGIN_\kind guarded
    mov dword ptr [ebp-4], 0
    CALL_BODY
    jmp Lout_guarded\suffix
Lfilter_guarded\suffix:
    ASK FILTER
Lhandler_guarded\suffix:
    HANDLE HANDLED, \top, \suffix
Lout_guarded\suffix:
    mov dword ptr [ebp-4], \top
    mov eax, [ebp-32]
    END_\kind
    .section .rdata,"dr"
    .p2align 2
Lscopes_guarded\suffix:
    COOKIES_\kind
    .long \top, Lfilter_guarded\suffix, Lhandler_guarded\suffix
    .text
    .endm

    .macro ENDED kind, suffix, top=-1
    BEGIN_\kind ended
    mov dword ptr [ebp-4], 0
    CALL_BODY
    mov dword ptr [ebp-4], \top
    call Lfinally_ended\suffix
    mov eax, [ebp-32]
    END_\kind
Lfinally_ended\suffix:
    TERMINATE
    .section .rdata,"dr"
    .p2align 2
Lscopes_ended\suffix:
    COOKIES_\kind
    .long \top, 0, Lfinally_ended\suffix
    .text
    .endm

/* Levels: 0 the outer __try, 1 the one with __finally, 2 the inner. */
    .macro NESTED kind, suffix, top=-1
    BEGIN_\kind nested
    mov dword ptr [ebp-4], 2
    CALL_BODY
    jmp 1f
Lfilter_nested\suffix:
    ASK FILTER
Lhandler_nested\suffix:
    HANDLE HANDLED, 1, \suffix
1:  mov dword ptr [ebp-4], 0
    call Lfinally_nested\suffix
    jmp 2f
Lfinally_nested\suffix:
    TERMINATE
Louter_nested\suffix:
    ASK OUTER
Louter_handler_nested\suffix:
    HANDLE OUTER_HANDLED, \top, \suffix
2:  mov dword ptr [ebp-4], \top
    mov eax, [ebp-32]
    END_\kind
    .section .rdata,"dr"
    .p2align 2
Lscopes_nested\suffix:
    COOKIES_\kind
    .long \top, Louter_nested\suffix, Louter_handler_nested\suffix
    .long 0, 0, Lfinally_nested\suffix
    .long 1, Lfilter_nested\suffix, Lhandler_nested\suffix
    .text
    .endm

/* return within a __try: by _local_unwind2, down to no scope. */
    .macro LEFT kind, suffix, top=-1
    BEGIN_\kind left
    mov dword ptr [ebp-4], 0
    CALL_BODY
    UNWIND_\kind
    mov eax, [ebp-32]
    END_\kind
Lfinally_left\suffix:
    TERMINATE
    .section .rdata,"dr"
    .p2align 2
Lscopes_left\suffix:
    COOKIES_\kind 0
    .long \top, 0, Lfinally_left\suffix
    .text
    .endm

    GUARDED eh3,
    ENDED eh3,
    NESTED eh3,
    LEFT eh3,
    GUARDED prolog, _p
    ENDED prolog, _p
    NESTED prolog, _p
    LEFT prolog, _p
    GUARDED eh4, _4, -2
    ENDED eh4, _4, -2
    NESTED eh4, _4, -2
    LEFT eh4, _4, -2

/* The handler that the compiler's library brings along. */
Lhandler4:
    push [esp+16]
    push [esp+16]
    push [esp+16]
    push [esp+16]
    PUSH_ADDRESS Lcheck
    PUSH_ADDRESS Lcookie
    call __except_handler4_common
    add esp, 24
Lcheck:
    ret
    .data
    .p2align 2
Lcookie:
    .long 0xBB40E64E
    .text

/* jumped: __try { if (!_setjmp3(env, 2, unwind, 0)) { __try { body() } __finally { finally() } } }
 *         __finally { finally() } and returns what _setjmp3 gave. body jumps, with arg's env. */
    .globl _jumped
_jumped:
    push ebp
    mov ebp, esp
    push -1
    PUSH_ADDRESS Lscopes_jumped
    PUSH_ADDRESS __except_handler3
    mov eax, fs:[0]
    push eax
    mov fs:[0], esp
    sub esp, 16
    push ebx
    push esi
    push edi
    mov [ebp-24], esp
    mov dword ptr [ebp-4], 0
    mov esi, [ebp+8]
    push 0
    PUSH_ADDRESS Ljump_unwind
    push 2
    push [esi+ARG]
    call __setjmp3
    add esp, 16
    mov [ebp-32], eax
    test eax, eax
    jnz 1f
    mov dword ptr [ebp-4], 1
    mov esi, [ebp+8]
    push [esi+ARG]
    call [esi+BODY]
    int3
1:  mov dword ptr [ebp-4], -1
    call Lfinally_jumped
    mov eax, [ebp-32]
    END_eh3
Lfinally_jumped:
    TERMINATE
/* What a compiler's library gives _setjmp3: leaves the scopes down to the level that the buffer keeps. */
Ljump_unwind:
    mov eax, [esp+4]
    push [eax+28]
    push [eax+24]
    call __local_unwind2
    add esp, 8
    ret 4
    .section .rdata,"dr"
    .p2align 2
Lscopes_jumped:
    .long -1, 0, Lfinally_jumped
    .long 0, 0, Lfinally_jumped
    .text

    .globl _with_handler
_with_handler:
    push dword ptr [esp+4]
    push dword ptr fs:[0]
    mov fs:[0], esp
    push [esp+20]
    call [esp+20]
    add esp, 4
    pop dword ptr fs:[0]
    add esp, 4
    ret
    .globl _set_first_frame
_set_first_frame:
    mov eax, [esp+4]
    mov fs:[0], eax
    ret
    .globl _first_frame
_first_frame:
    mov eax, fs:[0]
    ret

    .globl _load_word
_load_word:
    mov eax, [esp+4]
    mov eax, [eax]
    ret
    .globl _store_word
_store_word:
    mov eax, [esp+4]
    mov ecx, [esp+8]
    mov [eax], ecx
    ret
    .globl _break_here
_break_here:
    int3
    ret
    .globl _do_what_is_none
_do_what_is_none:
    ud2
    ret

    .globl _on_stack
_on_stack:
    push ebx
    mov ebx, esp
    mov edx, [esp+12]
    mov eax, [esp+16]
    mov esp, [esp+8]
    push eax
    call edx
    mov esp, ebx
    pop ebx
    ret

    .globl _eats_stack
_eats_stack:
    sub esp, 12288
    call _eats_stack
    add esp, 12288
    ret

    .globl _keeps_registers
_keeps_registers:
    push ebp
    push ebx
    push esi
    push edi
    mov ebp, 0x1B1B1B1B
    mov ebx, 0x2B2B2B2B
    mov esi, 0x3B3B3B3B
    mov edi, 0x4B4B4B4B
    push [esp+24]
    call [esp+24]
    add esp, 4
    xor eax, eax
    cmp ebp, 0x1B1B1B1B
    jne 1f
    cmp ebx, 0x2B2B2B2B
    jne 1f
    cmp esi, 0x3B3B3B3B
    jne 1f
    cmp edi, 0x4B4B4B4B
    jne 1f
    inc eax
1:  pop edi
    pop esi
    pop ebx
    pop ebp
    ret
    .globl _spoils_registers
_spoils_registers:
    push ebp
    push ebx
    push esi
    push edi
    mov ebp, 7
    mov ebx, 7
    mov esi, 7
    mov edi, 7
    push [esp+24]
    call [esp+24]
    add esp, 4
    pop edi
    pop esi
    pop ebx
    pop ebp
    ret
