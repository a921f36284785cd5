/* exceptions_arm.S - functions with __try for ARM and Thumb: a line of the function table each, the handler
 * and the scope table in the two words before the function (the pages "PDATA Structures" and "ARM Prolog and
 * Epilog" of the CE documentation). With -DTHUMB for processors that have both. */
    .syntax unified
    .set BODY, 0
    .set ARG, 4
    .set FILTER, 8
    .set HANDLED, 12
    .set FINALLY, 16
    .set OUTER, 20
    .set OUTER_HANDLED, 24

    .macro CALL register            @ of Thumb or ARM code, where there are both
#ifdef THUMB
    blx \register
#else
    mov lr, pc
    mov pc, \register
#endif
    .endm
    .macro JUMP register
#ifdef THUMB
    bx \register
#else
    mov pc, \register
#endif
    .endm
    .macro RETURN
#ifdef THUMB
    bx lr
#else
    mov pc, lr
#endif
    .endm

/* A function with a handler: its scopes are at scopes_NAME. */
    .macro FUNCTION name, width, handler=__C_specific_handler, data
    .p2align 2
    .word \handler
    .word \data
    .global \name
    .type \name,%function
    .if \width == 2
    .thumb_func
    .endif
\name:
.Lbegin_\name:
    .endm
    .macro PROLOGUE name
.Lprologue_\name:
    .endm
    .macro END name, width
.Lend_\name:
    .section .pdata.\name,"ao",%progbits,.text
    .word \name
    .word ((.Lprologue_\name - .Lbegin_\name) / \width) | ((.Lend_\name - .Lbegin_\name) / \width) << 8 | (\width / 4) << 30 | 1 << 31
    .text
    .endm
    .macro LABEL name, width        @ of code that the system calls
    .p2align 1
    .if \width == 2
    .thumb_func
    .endif
    .type \name,%function
\name:
    .endm

/* A filter is given the pointers in r0 and finds r4 as it is in the function; so with others. */
    .macro ASK place
    ldr r1, [r4, #ARG]
    ldr r2, [r4, #\place]
    JUMP r2
    .endm
    .macro TERMINATE                @ r0 says whether
    ldr r1, [r4, #ARG]
    ldr r2, [r4, #FINALLY]
    JUMP r2
    .endm
    .macro CALL_BODY
    ldr r0, [r4, #ARG]
    ldr r1, [r4, #BODY]
    CALL r1
    .endm
    .macro CALL_PLACE place         @ r0 is the code already
    ldr r1, [r4, #ARG]
    ldr r2, [r4, #\place]
    CALL r2
    .endm
    .macro CALL_FINALLY
    movs r0, #0
    CALL_PLACE FINALLY
    .endm

    .macro ALL suffix, width
    FUNCTION guarded_\suffix, \width, data=.Lscopes_guarded_\suffix
    push {r4, lr}
    PROLOGUE guarded_\suffix
    movs r4, r0
.Ltry_guarded_\suffix:
    CALL_BODY
.Lout_guarded_\suffix:
    pop {r4, pc}
.Lhandler_guarded_\suffix:
    CALL_PLACE HANDLED
    pop {r4, pc}
    END guarded_\suffix, \width
    LABEL .Lfilter_guarded_\suffix, \width
    ASK FILTER
    .p2align 2
.Lscopes_guarded_\suffix:
    .word 1
    .word .Ltry_guarded_\suffix, .Lout_guarded_\suffix, .Lfilter_guarded_\suffix, .Lhandler_guarded_\suffix

@ With more of a prologue: a frame pointer, room for locals.
    FUNCTION ended_\suffix, \width, data=.Lscopes_ended_\suffix
    .if \width == 4
    mov r12, sp
    push {r0-r3}
    push {r4-r11, r12, lr}
    sub r11, r12, #4
    sub sp, sp, #0x110
    .else
    push {r4-r7, lr}
    mov r7, sp
    ldr r3, .Lroom_\suffix
    add sp, r3
    .endif
    PROLOGUE ended_\suffix
    movs r4, r0
.Ltry_ended_\suffix:
    CALL_BODY
.Lout_ended_\suffix:
    movs r6, r0
    CALL_FINALLY
    movs r0, r6
    .if \width == 4
    sub sp, r11, #0x34
#ifdef THUMB
    ldm sp, {r4-r11, sp, lr}
    bx lr
#else
    ldm sp, {r4-r11, sp, pc}
#endif
    .else
    mov sp, r7
    pop {r4-r7, pc}
    .p2align 2
.Lroom_\suffix:
    .word -0x220
    .endif
    END ended_\suffix, \width
    LABEL .Lfinally_ended_\suffix, \width
    TERMINATE
    .p2align 2
.Lscopes_ended_\suffix:
    .word 1
    .word .Ltry_ended_\suffix, .Lout_ended_\suffix, .Lfinally_ended_\suffix, 0

    FUNCTION nested_\suffix, \width, data=.Lscopes_nested_\suffix
    push {r4, r5, lr}
    sub sp, sp, #12
    PROLOGUE nested_\suffix
    movs r4, r0
.Ltry_nested_\suffix:
    CALL_BODY
.Linner_nested_\suffix:
    b 1f
.Lhandler_nested_\suffix:
    CALL_PLACE HANDLED
1:  movs r5, r0
.Lmiddle_nested_\suffix:
    CALL_FINALLY
.Louter_nested_\suffix:
    movs r0, r5
    add sp, sp, #12
    pop {r4, r5, pc}
.Louter_handler_nested_\suffix:
    CALL_PLACE OUTER_HANDLED
    add sp, sp, #12
    pop {r4, r5, pc}
    END nested_\suffix, \width
    LABEL .Lfilter_nested_\suffix, \width
    ASK FILTER
    LABEL .Lfinally_nested_\suffix, \width
    TERMINATE
    LABEL .Louter_filter_nested_\suffix, \width
    ASK OUTER
    .p2align 2
.Lscopes_nested_\suffix:
    .word 3
    .word .Ltry_nested_\suffix, .Linner_nested_\suffix, .Lfilter_nested_\suffix, .Lhandler_nested_\suffix
    .word .Ltry_nested_\suffix, .Lmiddle_nested_\suffix, .Lfinally_nested_\suffix, 0
    .word .Ltry_nested_\suffix, .Louter_nested_\suffix, .Louter_filter_nested_\suffix, .Louter_handler_nested_\suffix

@ return within a __try: the compiler calls the termination handler itself, and says that it is abnormal.
    FUNCTION left_\suffix, \width, data=.Lscopes_left_\suffix
    push {r4, r5, lr}
    PROLOGUE left_\suffix
    movs r4, r0
.Ltry_left_\suffix:
    CALL_BODY
.Lout_left_\suffix:
    movs r5, r0
    movs r0, #1
    CALL_PLACE FINALLY
    movs r0, r5
    pop {r4, r5, pc}
    END left_\suffix, \width
    LABEL .Lfinally_left_\suffix, \width
    TERMINATE
    .p2align 2
.Lscopes_left_\suffix:
    .word 1
    .word .Ltry_left_\suffix, .Lout_left_\suffix, .Lfinally_left_\suffix, 0

    FUNCTION jumped_\suffix, \width, data=.Lscopes_jumped_\suffix
    push {r4, r5, lr}
    sub sp, sp, #4
    PROLOGUE jumped_\suffix
    movs r4, r0
.Ltry_jumped_\suffix:
    ldr r0, [r4, #ARG]
    ldr r1, .Lsetjmp_\suffix
    CALL r1
    movs r5, r0
    bne .Lout_jumped_\suffix
.Linner_jumped_\suffix:
    CALL_BODY
.Lout_jumped_\suffix:
    CALL_FINALLY
    movs r0, r5
    add sp, sp, #4
    pop {r4, r5, pc}
    .p2align 2
.Lsetjmp_\suffix:
    .word setjmp
    END jumped_\suffix, \width
    LABEL .Lfinally_jumped_\suffix, \width
    TERMINATE
    .p2align 2
.Lscopes_jumped_\suffix:
    .word 2
    .word .Linner_jumped_\suffix, .Lout_jumped_\suffix, .Lfinally_jumped_\suffix, 0
    .word .Ltry_jumped_\suffix, .Lout_jumped_\suffix, .Lfinally_jumped_\suffix, 0
    .endm

    .text
    .arm
    ALL arm, 4
#ifdef THUMB
    .thumb
    ALL thumb, 2
#endif

    .arm
    .p2align 2
    .macro LEAF name
    .global \name
    .type \name,%function
\name:
    .endm
    LEAF load_word
    ldr r0, [r0]
    RETURN
    LEAF store_word
    str r1, [r0]
    RETURN
    LEAF break_here
    .word 0xE1200070                @ BKPT 0
    RETURN
    LEAF do_what_is_none
    .word 0xE7F000F0                @ UDF 0
    RETURN

    LEAF unlisted
    push {r4, lr}
    mov r2, r0
    mov r0, r1
    CALL r2
    pop {r4, lr}
    RETURN

    LEAF on_stack
    push {r4, lr}
    mov r4, sp
    mov sp, r0
    mov r0, r2
    CALL r1
    mov sp, r4
    pop {r4, lr}
    RETURN

    LEAF eats_stack
    sub sp, sp, #12288
    str lr, [sp]
    bl eats_stack
    ldr lr, [sp]
    add sp, sp, #12288
    RETURN

@ Functions whose handlers or scopes cannot be. They call the function that they are given.
    .macro SPOILT name, handler, data
    FUNCTION \name, 4, \handler, \data
    push {r4, lr}
    PROLOGUE \name
    mov r2, r0
    mov r0, r1
    CALL r2
    pop {r4, lr}
    RETURN
    END \name, 4
    .endm
    SPOILT no_handler, 0x70000000, 0
    SPOILT no_scopes, __C_specific_handler, 0x70000000
.Lno_scopes:
    .word 0

@ A frame whose caller is itself, at the same place.
    FUNCTION in_circle, 4, __C_specific_handler, .Lno_scopes
    str lr, [sp, #-4]!
    add sp, sp, #4
    PROLOGUE in_circle
    adr r1, .Lback_in_circle
    str r1, [sp, #-4]
    mov r1, #0
    ldr r0, [r1]
    nop
.Lback_in_circle:
    nop
    RETURN
    END in_circle, 4

@ A line without a handler.
    .macro PLAIN name
.Lend_\name:
    .section .pdata.\name,"ao",%progbits,.text
    .word \name
    .word ((.Lprologue_\name - \name) / 4) | ((.Lend_\name - \name) / 4) << 8 | 1 << 30
    .text
    .endm
    LEAF keeps_registers
    push {r4-r11, lr}
.Lprologue_keeps_registers:
    mov r2, r0
    mov r0, r1
    mov r4, #0x14
    mov r5, #0x15
    mov r6, #0x16
    mov r7, #0x17
    mov r8, #0x18
    mov r9, #0x19
    mov r10, #0x1A
    mov r11, #0x1B
    CALL r2
    cmp r4, #0x14
    cmpeq r5, #0x15
    cmpeq r6, #0x16
    cmpeq r7, #0x17
    cmpeq r8, #0x18
    cmpeq r9, #0x19
    cmpeq r10, #0x1A
    cmpeq r11, #0x1B
    mov r0, #0
    moveq r0, #1
    pop {r4-r11, lr}
    RETURN
    PLAIN keeps_registers
    LEAF spoils_registers
    push {r4-r11, lr}
.Lprologue_spoils_registers:
    mov r2, r0
    mov r0, r1
    mov r4, #7
    mov r5, #7
    mov r6, #7
    mov r7, #7
    mov r8, #7
    mov r9, #7
    mov r10, #7
    mov r11, #7
    CALL r2
    pop {r4-r11, lr}
    RETURN
    PLAIN spoils_registers
