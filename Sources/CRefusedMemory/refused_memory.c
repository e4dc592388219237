// glibc lets a program bring its own malloc, which all libraries then call; this one is glibc's with a look at the answer.
#define _GNU_SOURCE
#include "refused_memory.h"

#include <dlfcn.h>
#include <string.h>
#include <unistd.h>

static void (*told_of_refusal)(size_t bytes);
static int exit_status;

void edviz_when_memory_is_refused(void (*told)(size_t bytes), int status) {
  exit_status = status;
  told_of_refusal = told;
}

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

/// Whether an address lies in Swift's runtime, or in Foundation, which is written in Swift.
static int is_swift(void *address) {
  Dl_info caller, runtime;
  if (dladdr(address, &caller) == 0 || dladdr((void *)swift_allocObject, &runtime) == 0) return 0;
  if (caller.dli_fbase == runtime.dli_fbase) return 1;
  return caller.dli_fname != NULL && strstr(caller.dli_fname, "Foundation") != NULL;
}

static void tell(size_t bytes, void *caller) {
  if (told_of_refusal == NULL || !is_swift(caller)) return;
  if (is_telling) {
    static const char words[] = "edviz: out of memory\n";
    if (write(STDERR_FILENO, words, sizeof words - 1) < 0) _exit(exit_status);
    _exit(exit_status);
  }
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
