#ifndef EDVIZ_REFUSED_MEMORY_H
#define EDVIZ_REFUSED_MEMORY_H

#include <stddef.h>

/// Where the system refuses memory that Swift asks for, Swift aborts. A program that links this ends as it pleases instead:
/// `told` is called with the number of bytes, on the thread that asked, and must not return. Should `told` itself be refused
/// memory, the process ends with status 71.
///
/// Only what Swift's own libraries and OpenBLAS ask for is told; C code that looks at what `malloc` returns goes on doing so.
/// Without effect where a sanitizer or another C library than glibc has its own `malloc`.
void edviz_when_memory_is_refused(void (*told)(size_t bytes));

#endif
