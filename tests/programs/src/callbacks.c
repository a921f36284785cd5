/* callbacks - functions of the system that call the program back: qsort with
 * comparisons of its own, with one of the system's, with one that sorts in its
 * turn, with one that waits, with one that contradicts itself; in two threads
 * at once, which the system may not mix up. */
#include "ce.h"

#define N 300
static int numbers[N + 2], bad, depth, most;
static HANDLE tick;

static int by_value(const void *a, const void *b)
{
    int x = *(const int *)a, y = *(const int *)b;
    if ((const int *)a < numbers + 1 || (const int *)b > numbers + N)
        bad++;
    return x < y ? -1 : x > y;
}

static int downwards(const void *a, const void *b)
{
    int x = *(const int *)a, y = *(const int *)b;
    return x > y ? -1 : x < y;
}

/* Never says the same twice in a row. */
static int liar(const void *a, const void *b)
{
    static unsigned int state = 1;
    if ((const int *)a < numbers + 1 || (const int *)a > numbers + N ||
        (const int *)b < numbers + 1 || (const int *)b > numbers + N)
        bad++;
    state = state * 1664525U + 1013904223U;
    return (int)state;
}

/* Sorts something else before it answers, four deep. */
static int sorting(const void *a, const void *b)
{
    int mine[3], i;
    if (depth < 4) {
        depth++;
        if (depth > most)
            most = depth;
        for (i = 0; i < 3; i++)
            mine[i] = 3 - i;
        qsort(mine, 3, sizeof mine[0], sorting);
        if (mine[0] != 1 || mine[1] != 2 || mine[2] != 3)
            bad++;
        depth--;
    }
    return *(const int *)a - *(const int *)b;
}

/* Lets the other thread run before it answers. */
static int waiting(const void *a, const void *b)
{
    if (WaitForSingleObject(tick, 1) != WAIT_TIMEOUT)
        bad++;
    return *(const int *)a - *(const int *)b;
}

static DWORD sorter(void *arg)
{
    int mine[20], i, upwards = arg != NULL;
    for (i = 0; i < 20; i++)
        mine[i] = (i * 7) % 20;
    qsort(mine, 20, sizeof mine[0], upwards ? waiting : downwards);
    if (!upwards)
        qsort(mine, 20, sizeof mine[0], waiting);
    for (i = 0; i < 20; i++)
        if (mine[i] != i)
            return 1;
    return 0;
}

static void fill(void)
{
    unsigned int state = 7;
    int i;
    for (i = 0; i < N + 2; i++) {
        state = state * 1664525U + 1013904223U;
        numbers[i] = (int)(state >> 8) % 1000;
    }
    numbers[0] = numbers[N + 1] = -5;
}

static long total(void)
{
    long sum = 0;
    int i;
    for (i = 1; i <= N; i++)
        sum += numbers[i];
    return sum;
}

int GuestMain(HINSTANCE inst, const WCHAR *cmdline)
{
    static char words[5][8] = { "pear", "fig", "apple", "kiwi", "grape" };
    HANDLE t[2];
    DWORD code = 9;
    long sum;
    int i;

    (void)inst; (void)cmdline;
    fill();
    sum = total();
    qsort(numbers + 1, N, sizeof numbers[0], by_value);
    for (i = 1; i < N; i++)
        CHECK(1, numbers[i] <= numbers[i + 1]);
    CHECK(2, total() == sum && bad == 0);
    CHECK(3, numbers[0] == -5 && numbers[N + 1] == -5);
    fill();
    qsort(numbers + 1, N, sizeof numbers[0], liar);
    CHECK(4, total() == sum && bad == 0);
    CHECK(5, numbers[0] == -5 && numbers[N + 1] == -5);

    /* The comparison is itself a function of the system. */
    qsort(words, 5, sizeof words[0], (int (*)(const void *, const void *))strcmp);
    CHECK(6, strcmp(words[0], "apple") == 0 && strcmp(words[1], "fig") == 0);
    CHECK(7, strcmp(words[2], "grape") == 0 && strcmp(words[4], "pear") == 0);

    fill();
    qsort(numbers + 1, 12, sizeof numbers[0], sorting);
    for (i = 1; i < 12; i++)
        CHECK(8, numbers[i] <= numbers[i + 1]);
    CHECK(9, most == 4 && depth == 0 && bad == 0);

    tick = CreateEventW(NULL, FALSE, FALSE, NULL);
    t[0] = CreateThread(NULL, 0, sorter, NULL, 0, NULL);
    t[1] = CreateThread(NULL, 0, sorter, &tick, 0, NULL);
    for (i = 0; i < 2; i++) {
        CHECK(10, WaitForSingleObject(t[i], 60000) == WAIT_OBJECT_0);
        CHECK(11, GetExitCodeThread(t[i], &code) && code == 0);
        CHECK(12, CloseHandle(t[i]));
    }
    CHECK(13, bad == 0);
    NKDbgPrintfW(L"callbacks: ok\r\n");
    return 0;
}
