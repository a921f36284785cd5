/* libc.h - the C run-time functions and those of language support that the
 * guests use, as COREDLL.dll exports them.  Written for this project, like ce.h. */
#ifndef GUEST_LIBC_H
#define GUEST_LIBC_H

#include "ce.h"

typedef SIZE_T size_t;
typedef struct guest_file FILE;

void  *memcpy(void *to, const void *from, size_t n);
int    memcmp(const void *a, const void *b, size_t n);
void  *memchr(const void *p, int c, size_t n);
char  *strcpy(char *to, const char *from);
int    strcmp(const char *a, const char *b);
size_t strlen(const char *s);
char  *strtok(char *s, const char *set);
int    _stricmp(const char *a, const char *b);
char  *_strupr(char *s);
WCHAR *wcscpy(WCHAR *to, const WCHAR *from);
int    wcscmp(const WCHAR *a, const WCHAR *b);
WCHAR *wcstok(WCHAR *s, const WCHAR *set);
int    _wcsicmp(const WCHAR *a, const WCHAR *b);
WCHAR *_wcsrev(WCHAR *s);
size_t wcstombs(char *to, const WCHAR *from, size_t n);
size_t mbstowcs(WCHAR *to, const char *from, size_t n);
int    mbstowcs_s(size_t *made, WCHAR *to, size_t size, const char *from, size_t n);

long   strtol(const char *s, char **end, int base);
unsigned long strtoul(const char *s, char **end, int base);
long   wcstol(const WCHAR *s, WCHAR **end, int base);
INT64  _atoi64(const char *s);
double strtod(const char *s, char **end);
double wcstod(const WCHAR *s, WCHAR **end);
double atof(const char *s);
char  *_itoa(int value, char *text, int radix);
char  *_ultoa(unsigned long value, char *text, int radix);
WCHAR *_itow(int value, WCHAR *text, int radix);
WCHAR *_ltow(long value, WCHAR *text, int radix);
int    _itow_s(int value, WCHAR *text, size_t size, int radix);

int    sprintf(char *to, const char *format, ...);
int    swprintf(WCHAR *to, const WCHAR *format, ...);
int    _scprintf(const char *format, ...);
int    sprintf_s(char *to, size_t size, const char *format, ...);
DWORD  StringCchPrintfW(WCHAR *to, size_t size, const WCHAR *format, ...);
int    sscanf(const char *text, const char *format, ...);
int    swscanf(const WCHAR *text, const WCHAR *format, ...);
int    sscanf_s(const char *text, const char *format, ...);

FILE  *_getstdfilex(int number);
#define stdin  _getstdfilex(0)
#define stdout _getstdfilex(1)
#define stderr _getstdfilex(2)
#define EOF  (-1)
#define WEOF ((WCHAR)0xFFFF)
FILE  *fopen(const char *name, const char *mode);
FILE  *_wfopen(const WCHAR *name, const WCHAR *mode);
FILE  *_wfreopen(const WCHAR *name, const WCHAR *mode, FILE *f);
int    fopen_s(FILE **f, const char *name, const char *mode);
int    fclose(FILE *f);
int    _fcloseall(void);
size_t fread(void *p, size_t size, size_t n, FILE *f);
size_t fwrite(const void *p, size_t size, size_t n, FILE *f);
int    fseek(FILE *f, long offset, int origin);
long   ftell(FILE *f);
char  *fgets(char *s, int n, FILE *f);
WCHAR *fgetws(WCHAR *s, int n, FILE *f);
int    fgetc(FILE *f);
WCHAR  fgetwc(FILE *f);
int    ungetc(int c, FILE *f);
int    fputc(int c, FILE *f);
int    fputs(const char *s, FILE *f);
int    fputws(const WCHAR *s, FILE *f);
int    fprintf(FILE *f, const char *format, ...);
int    fwprintf(FILE *f, const WCHAR *format, ...);
int    fscanf(FILE *f, const char *format, ...);
int    scanf(const char *format, ...);
int    getchar(void);
int    feof(FILE *f);
int    ferror(FILE *f);
void   clearerr(FILE *f);
int    fflush(FILE *f);
int    setvbuf(FILE *f, char *buffer, int mode, size_t size);
HANDLE _fileno(FILE *f);

DWORD  GetUserDefaultLCID(void);
UINT   GetACP(void);
UINT   GetOEMCP(void);
int    GetLocaleInfoW(DWORD locale, DWORD type, WCHAR *to, int n);
int    CompareStringW(DWORD locale, DWORD flags, const WCHAR *a, int an, const WCHAR *b, int bn);
int    LCMapStringW(DWORD locale, DWORD flags, const WCHAR *from, int n, WCHAR *to, int size);
int    GetDateFormatW(DWORD locale, DWORD flags, const void *t, const WCHAR *format, WCHAR *to, int n);
int    GetTimeFormatW(DWORD locale, DWORD flags, const void *t, const WCHAR *format, WCHAR *to, int n);
int    GetNumberFormatW(DWORD locale, DWORD flags, const WCHAR *v, const void *format, WCHAR *to, int n);
int    WideCharToMultiByte(UINT page, DWORD flags, const WCHAR *from, int n, char *to, int size,
                           const char *instead, BOOL *used);
int    MultiByteToWideChar(UINT page, DWORD flags, const char *from, int n, WCHAR *to, int size);
DWORD  FormatMessageW(DWORD flags, const void *source, DWORD id, DWORD language, WCHAR *to, DWORD n,
                      const DWORD *arguments);
int    MessageBoxW(HANDLE window, const WCHAR *text, const WCHAR *caption, UINT type);

#endif
