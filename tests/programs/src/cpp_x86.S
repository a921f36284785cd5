/* cpp_x86.S - a function with try as older compilers of Microsoft's write it: by _EH_prolog, with tables of the
 * first version. */
    .intel_syntax noprefix
    .text
/* DWORD catch_all_prolog(body, arg):
 *   try { object with a destructor that marks D; return body(arg); } catch (...) { return caught_all(); } */
    .globl _catch_all_prolog
_catch_all_prolog:
    mov eax, offset Lhandler
    call __EH_prolog
    push ecx
    push ebx
    push esi
    push edi
    mov [ebp-16], esp
    mov dword ptr [ebp-4], 1
    push [ebp+12]
    call [ebp+8]
    add esp, 4
Lout:
    mov dword ptr [ebp-4], -1
    mov ecx, [ebp-12]
    mov fs:[0], ecx
    pop edi
    pop esi
    pop ebx
    leave
    ret
Ldestroy:
    push 'D'
    call _mark
    pop ecx
    ret
Lcatch:
    call _caught_all
    mov [ebp+8], eax
    mov eax, offset Lbehind
    ret
Lbehind:
    mov eax, [ebp+8]
    jmp Lout
Lhandler:
    mov eax, offset Ltables
    jmp ___CxxFrameHandler
    .section .rdata,"dr"
    .p2align 2
Ltables:
    .long 0x19930520, 3, Lstates, 1, Ltries, 0, 0
Lstates:
    .long -1, 0, 0, Ldestroy, -1, 0
Ltries:
    .long 0, 1, 2, 1, Lclauses
Lclauses:
    .long 0, 0, 0, Lcatch
/* What descriptions of types begin with. */
    .globl "??_7type_info@@6B@"
"??_7type_info@@6B@":
    .long 0
