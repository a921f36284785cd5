/* Runs x87 cases for x86_fpu.py on the host's own x87, in 64-bit mode: the same records as the example x86_oracle.
 * An instruction's memory operand is [esi], which here is [rsi]. Only the fields that matter are looked at.
 *     gcc -O1 -o x86_fpu_native x86_fpu_native.c */
#include <stdint.h>
#include <stdio.h>
#include <string.h>
#include <sys/mman.h>

int main(void)
{
    uint8_t *page = mmap(0, 65536, PROT_READ | PROT_WRITE | PROT_EXEC, MAP_PRIVATE | MAP_ANONYMOUS, -1, 0);
    uint8_t record[256], result[192];
    static struct { uint8_t image[112]; uint8_t operand[128]; } state __attribute__((aligned(64)));
    unsigned at = 0;
    while (fread(record, sizeof record, 1, stdin) == 1) {
        uint32_t len, flags, eax;
        memcpy(&flags, record + 32, 4);
        memcpy(&eax, record, 4);
        memcpy(&len, record + 40, 4);
        memcpy(state.image, record + 144, 108);
        memcpy(state.operand, record + 112, 32);
        /* The code, then: ret. A new place for each, so that nothing old is in the pipe. */
        at = at + 64 < 65536 ? at + 64 : 0;
        memcpy(page + at, record + 56, len - 1);
        page[at + len - 1] = 0xc3;
        uint64_t rax = eax, rflags = flags | 0x202;
        __asm__ volatile("frstor %[image]\n push %[flags]\n popfq\n call *%[code]\n pushfq\n pop %[flags]\n fnsave %[image]\n fninit\n"
                         : [image] "+m"(state.image), [flags] "+r"(rflags), "+a"(rax)
                         : [code] "r"(page + at), "S"(state.operand)
                         : "memory", "cc");
        memset(result, 0, sizeof result);
        eax = (uint32_t)rax;
        flags = (uint32_t)rflags;
        memcpy(result, &eax, 4);
        memcpy(result + 36, &flags, 4);
        memcpy(result + 52, state.operand, 32);
        memcpy(result + 84, state.image, 108);
        fwrite(result, sizeof result, 1, stdout);
    }
    return 0;
}
