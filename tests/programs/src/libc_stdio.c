/* libc_stdio - streams on files: text and binary, narrow and wide, places, the
 * end, standard output sent to a file, a stream's handle.  With the argument
 * "echo" it copies its standard input, line by line and then number by number. */
#include "ce.h"
#include "libc.h"

static const char text_name[] = "\\Temp\\stdio.txt";
static const WCHAR wide_name[] = L"\\Temp\\stdio.bin";

static int same(const char *a, const char *b)
{
    return strcmp(a, b) == 0;
}

static int text_file(void)
{
    char line[40];
    WCHAR wide[40];
    int number = 0;
    FILE *f = fopen(text_name, "w");

    CHECK(10, f != NULL);
    CHECK(11, fprintf(f, "one %d\n", 1) == 6 && fputs("two 22\n", f) == 0);
    CHECK(12, fputws(L"\x20AC\n", f) == 0 && fputc('x', f) == 'x');
    CHECK(13, fgetc(f) == EOF && ferror(f) && (clearerr(f), !ferror(f)));
    CHECK(14, fclose(f) == 0);
    CHECK(15, fopen(text_name, "q") == NULL && fopen("\\Temp\\none", "r") == NULL);

    f = fopen(text_name, "rb");
    CHECK(16, f && fread(line, 1, 40, f) == 7 + 8 + 3 + 1);
    line[19] = 0;
    CHECK(17, same(line, "one 1\r\ntwo 22\r\n\x80\r\n" "x"));
    CHECK(18, feof(f) && fclose(f) == 0);

    f = fopen(text_name, "r");
    CHECK(20, f && fgets(line, 40, f) == line && same(line, "one 1\n"));
    CHECK(21, fscanf(f, "%s %d", line, &number) == 2 && same(line, "two") && number == 22);
    CHECK(22, fgetc(f) == '\n' && ungetc('\n', f) == '\n' && fgetc(f) == '\n');
    CHECK(23, fgetws(wide, 40, f) == wide && wide[0] == 0x20AC && wide[1] == '\n' && wide[2] == 0);
    CHECK(24, !feof(f) && fgetwc(f) == 'x' && fgetwc(f) == WEOF && feof(f));
    CHECK(25, fseek(f, 7, 0) == 0 && !feof(f) && ftell(f) == 7);
    CHECK(26, fgets(line, 4, f) && same(line, "two") && ftell(f) == 10);
    CHECK(27, fgets(line, 40, f) && same(line, " 22\n") && fputc('y', f) == EOF);
    CHECK(28, fclose(f) == 0 && fclose(f) == EOF);
    return 0;
}

static int binary_file(void)
{
    static BYTE big[10000], back[10000];
    WCHAR wide[8];
    UINT i;
    FILE *f = _wfopen(wide_name, L"w+b");

    for (i = 0; i < sizeof big; i++)
        big[i] = (BYTE)(i * 7 + i / 256);
    CHECK(30, f && fwrite(big, 100, 100, f) == 100 && ftell(f) == 10000);
    CHECK(31, fseek(f, -9000, 1) == 0 && fread(back, 1000, 20, f) == 9 && feof(f));
    CHECK(32, memcmp(back, big + 1000, 9000) == 0);
    CHECK(33, fseek(f, 0, 0) == 0 && fputws(L"\x20AC\n", f) == 0 && ftell(f) == 4);
    CHECK(34, fseek(f, 0, 0) == 0 && fgetws(wide, 8, f) == wide && wide[0] == 0x20AC && wide[1] == '\n');
    CHECK(35, fgetc(f) == big[4] && fseek(f, 0, 1) == 0 && fputc(1, f) == 1 && ftell(f) == 6);
    CHECK(36, fclose(f) == 0);
    f = _wfopen(wide_name, L"ab");
    CHECK(37, f && fputs("end", f) == 0 && ftell(f) == 10003 && fclose(f) == 0);
    CHECK(38, fopen_s(&f, "\\Temp\\none", "r") != 0 && f == NULL);
    CHECK(39, DeleteFileW(wide_name));
    return 0;
}

static int standard_streams(void)
{
    char line[40];
    DWORD done = 0;
    FILE *f;

    CHECK(40, _wfreopen(L"\\Temp\\out.txt", L"w", stdout) == stdout);
    CHECK(41, printf("to a file %d\n", 5) == 12 && fflush(stdout) == 0);
    CHECK(42, WriteFile(_fileno(stdout), "raw", 3, &done, NULL) && done == 3);
    CHECK(43, _wfreopen(L"CON1:", L"w", stdout) == stdout);
    f = fopen("\\Temp\\out.txt", "r");
    CHECK(44, f && fgets(line, 40, f) && same(line, "to a file 5\n"));
    CHECK(45, fgets(line, 40, f) && same(line, "raw") && fgets(line, 40, f) == NULL);
    CHECK(46, _fcloseall() == 1 && setvbuf(stderr, NULL, 4, 0) == 0);
    CHECK(47, fputs("libc_stdio: on standard error\n", stderr) == 0);
    return 0;
}

/* Lines up to one that says numbers, then numbers up to the end. */
static int echo(void)
{
    char line[16];
    int number, sum = 0;

    while (fgets(line, sizeof line, stdin) && !same(line, "numbers\n"))
        printf("[%s]", line);
    while (scanf("%d", &number) == 1)
        sum += number;
    printf("sum %d, end %d\n", sum, feof(stdin));
    return 0;
}

int GuestMain(HINSTANCE inst, const WCHAR *cmdline)
{
    int result;

    (void)inst;
    if (cmdline[0] == 'e')
        return echo();
    if ((result = text_file()) || (result = binary_file()) || (result = standard_streams()))
        return result;
    printf("libc_stdio: ok\n");
    return 0;
}
