/* The host's C library as a reference. Reads calls, a line each, and writes what they come to, a line each.
 *
 * A line is a function, and arguments between tabs: numbers in decimal, doubles as the hexadecimal digits of
 * their bits, text as hexadecimal digits of its bytes. Where the run-time of Windows differs from C99 by its
 * documents, this file does as they say: `long` has 32 bits and exponents have three digits. */

#include <errno.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

static char *fields[16];

static void split(char *line)
{
    int count = 0;
    line[strcspn(line, "\n")] = 0;
    for (char *field = line; field && count < 16; count++) {
        fields[count] = field;
        field = strchr(field, '\t');
        if (field)
            *field++ = 0;
    }
    while (count < 16)
        fields[count++] = "";
}

static char *text(int field)
{
    static char texts[8][4096];
    static int next;
    char *made = texts[next++ % 8];
    const char *digits = fields[field];
    size_t length = strlen(digits) / 2;
    for (size_t i = 0; i < length; i++) {
        unsigned byte;
        sscanf(digits + 2 * i, "%2x", &byte);
        made[i] = (char)byte;
    }
    made[length] = 0;
    return made;
}

static void hex(const char *bytes, size_t length)
{
    for (size_t i = 0; i < length; i++)
        printf("%02x", (unsigned char)bytes[i]);
}

static int sign(int value)
{
    return (value > 0) - (value < 0);
}

/* A double by a format that has no width: three digits of exponent, then the width. */
static void print_double(char *format, int left, int zero, int width, double value)
{
    char made[2048], fixed[2048];
    snprintf(made, sizeof made, format, value);
    char *e = strpbrk(made, "eE");
    if (e && strlen(e + 2) < 3)
        snprintf(fixed, sizeof fixed, "%.*s0%s", (int)(e + 2 - made), made, e + 2);
    else
        strcpy(fixed, made);
    int length = (int)strlen(fixed), pad = width > length ? width - length : 0;
    char out[4096] = "";
    char *at = out, *from = fixed;
    if (!left && !zero)
        at += sprintf(at, "%*s", pad, "");
    if (!left && zero) {
        if (strchr("+- ", *from) && *from)
            *at++ = *from++;
        memset(at, '0', (size_t)pad);
        at += pad;
    }
    at += sprintf(at, "%s", from);
    if (left)
        at += sprintf(at, "%*s", pad, "");
    hex(out, strlen(out));
}

static void print(const char *kind)
{
    char made[4096];
    char *format = text(2);
    switch (kind[0]) {
    case 'd': sprintf(made, format, (int)strtoll(fields[3], 0, 10)); break;
    case 'q': sprintf(made, format, strtoll(fields[3], 0, 10)); break;
    case 's': sprintf(made, format, text(3)); break;
    case '*': sprintf(made, format, atoi(fields[3]), atoi(fields[4]), (int)strtoll(fields[5], 0, 10)); break;
    default: {
        uint64_t bits = strtoull(fields[3], 0, 16);
        double value;
        memcpy(&value, &bits, 8);
        print_double(format, atoi(fields[4]), atoi(fields[5]), atoi(fields[6]), value);
        return;
    }
    }
    hex(made, strlen(made));
}

static void strings(const char *name)
{
    char *one = text(1), *other = text(2);
    int count = atoi(fields[3]);
    char buffer[4096];
    char *found = 0;
    if (!strcmp(name, "cmp")) { printf("%d", sign(strcmp(one, other))); return; }
    if (!strcmp(name, "ncmp")) { printf("%d", sign(strncmp(one, other, (size_t)count))); return; }
    if (!strcmp(name, "len")) { printf("%zu", strlen(one)); return; }
    if (!strcmp(name, "spn")) { printf("%zu", strspn(one, other)); return; }
    if (!strcmp(name, "cspn")) { printf("%zu", strcspn(one, other)); return; }
    if (!strcmp(name, "chr")) found = strchr(one, count);
    else if (!strcmp(name, "rchr")) found = strrchr(one, count);
    else if (!strcmp(name, "pbrk")) found = strpbrk(one, other);
    else if (!strcmp(name, "str")) found = strstr(one, other);
    else if (!strcmp(name, "ncpy")) {
        memset(buffer, '#', sizeof buffer);
        strncpy(buffer, one, (size_t)count);
        hex(buffer, 48);
        return;
    } else if (!strcmp(name, "ncat")) {
        strcpy(buffer, one);
        strncat(buffer, other, (size_t)count);
        hex(buffer, strlen(buffer));
        return;
    } else if (!strcmp(name, "tok")) {
        for (char *token = strtok(one, other); token; token = strtok(0, other)) {
            hex(token, strlen(token));
            printf("|");
        }
        return;
    }
    if (found)
        printf("%d", (int)(found - one));
    else
        printf("none");
}

static void numbers(const char *name)
{
    char *one = text(1), *end;
    int base = atoi(fields[2]);
    errno = 0;
    if (!strcmp(name, "strtol")) {
        long long value = strtoll(one, &end, base);
        value = value > INT32_MAX ? INT32_MAX : value < INT32_MIN ? INT32_MIN : value;
        printf("%lld %d", value, (int)(end - one));
    } else if (!strcmp(name, "strtoul")) {
        unsigned long long value = strtoull(one, &end, base);
        int negative = memchr(one, '-', (size_t)(end - one)) != 0;
        unsigned long long magnitude = negative ? -value : value;
        if (errno || magnitude > UINT32_MAX)
            value = UINT32_MAX;
        printf("%u %d", (uint32_t)value, (int)(end - one));
    } else if (!strcmp(name, "_strtoi64")) {
        long long value = strtoll(one, &end, base);
        printf("%lld %d", value, (int)(end - one));
    } else if (!strcmp(name, "_strtoui64")) {
        unsigned long long value = strtoull(one, &end, base);
        printf("%llu %d", value, (int)(end - one));
    } else {
        double value = strtod(one, &end);
        uint64_t bits;
        memcpy(&bits, &value, 8);
        printf("%016llx %d", (unsigned long long)bits, (int)(end - one));
    }
}

/* A number's digits, by division: what itoa and its kin write. */
static void digits(const char *name)
{
    long long value = strtoll(fields[1], 0, 10);
    int radix = atoi(fields[2]);
    char made[80], *at = made + sizeof made;
    unsigned long long rest = (uint32_t)value;
    int negative = strcmp(name, "ultoa") && radix == 10 && (int32_t)value < 0;
    if (negative)
        rest = -(long long)(int32_t)value;
    *--at = 0;
    do
        *--at = "0123456789abcdefghijklmnopqrstuvwxyz"[rest % (unsigned)radix];
    while (rest /= (unsigned)radix);
    if (negative)
        *--at = '-';
    printf("%s", at);
}

static void scan(const char *kind)
{
    char *input = text(2), *format = text(3);
    int first = 0x5a5a5a5a, second = 0x5a5a5a5a;
    float number = 0;
    double precise = 0;
    char word[4096];
    memset(word, '#', sizeof word);
    int count;
    switch (kind[0]) {
    case 'd': count = sscanf(input, format, &first, &second); break;
    case 's': count = sscanf(input, format, word, &first); break;
    case 'f': count = sscanf(input, format, &number, &first); break;
    default: count = sscanf(input, format, &precise, &first); break;
    }
    uint32_t bits;
    uint64_t long_bits;
    memcpy(&bits, &number, 4);
    memcpy(&long_bits, &precise, 8);
    printf("%d %d %d %08x %016llx ", count, first, second, bits, (unsigned long long)long_bits);
    hex(word, 40);
}

int main(void)
{
    static char line[1 << 16];
    while (fgets(line, sizeof line, stdin)) {
        split(line);
        const char *name = fields[0];
        if (!strcmp(name, "printf"))
            print(fields[1]);
        else if (!strncmp(name, "str:", 4))
            strings(name + 4);
        else if (!strcmp(name, "digits"))
            digits(fields[3]);
        else if (!strcmp(name, "scanf"))
            scan(fields[1]);
        else
            numbers(name);
        printf("\n");
    }
    return 0;
}
