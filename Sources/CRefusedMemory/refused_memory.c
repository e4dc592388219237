// glibc lets a program bring its own malloc, which all libraries then call; this one is glibc's with a look at the answer.
#define _GNU_SOURCE
#include "refused_memory.h"

#include <dlfcn.h>
#include <string.h>
#include <sysexits.h>
#include <unistd.h>

static void (*told_of_refusal)(size_t bytes);

void edviz_when_memory_is_refused(void (*told)(size_t bytes)) { told_of_refusal = told; }

#if defined(__has_feature)
#if __has_feature(address_sanitizer) || __has_feature(thread_sanitizer) || __has_feature(memory_sanitizer)
#define EDVIZ_SANITIZED 1
#endif
#endif

#if defined(__GLIBC__) && !defined(EDVIZ_SANITIZED)

extern void *__libc_malloc(size_t);
extern void *__libc_calloc(size_t, size_t);
extern void *__libc_realloc(void *, size_t);
extern void *swift_allocObject(void *, size_t, size_t);

static __thread int is_telling;

static void end(void) {
  static const char words[] = "edviz: out of memory\n";
  ssize_t written = write(STDERR_FILENO, words, sizeof words - 1);
  (void)written;
  _exit(EX_OSERR);
}

/// Looks whose code was refused memory: Swift's runtime and Foundation, which is written in Swift, would abort; OpenBLAS would
/// ask again for ever, also before `main`.
static void tell(size_t bytes, void *address) {
  Dl_info caller, runtime;
  if (dladdr(address, &caller) == 0 || caller.dli_fname == NULL) return;
  const int is_swift =
      (dladdr((void *)swift_allocObject, &runtime) != 0 && caller.dli_fbase == runtime.dli_fbase) ||
      strstr(caller.dli_fname, "Foundation") != NULL;
  const int is_openblas = strstr(caller.dli_fname, "libopenblas") != NULL;
  if (!is_openblas && (!is_swift || told_of_refusal == NULL)) return;
  if (is_telling || told_of_refusal == NULL) end();
  is_telling = 1;
  told_of_refusal(bytes);
}

void *malloc(size_t bytes) {
  void *block = __libc_malloc(bytes);
  if (__builtin_expect(block == NULL, 0)) tell(bytes, __builtin_return_address(0));
  return block;
}

void *calloc(size_t count, size_t bytes) {
  void *block = __libc_calloc(count, bytes);
  if (__builtin_expect(block == NULL, 0)) tell(count * bytes, __builtin_return_address(0));
  return block;
}

void *realloc(void *old, size_t bytes) {
  void *block = __libc_realloc(old, bytes);
  if (__builtin_expect(block == NULL && bytes > 0, 0)) tell(bytes, __builtin_return_address(0));
  return block;
}

#endif
