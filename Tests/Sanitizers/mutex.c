// For ThreadSanitizer alone (scripts/sanitize loads it before the tests): how a thread waits for Swift's `Mutex`. The library's
// own way sleeps in the kernel, which hands the lock over where the sanitizer does not see it; it then takes whatever
// a contended lock guards for a race. Here it waits awake, by atomic operations that the sanitizer does see. No thread ever
// sleeps for the lock, so that unlocking never asks the kernel either.

#include <sched.h>
#include <stdatomic.h>
#include <stdint.h>

typedef _Atomic(uint32_t) lock_word;

// Synchronization._MutexHandle._lockSlow(UInt32) -> (), in Swift's calling convention.
__attribute__((swiftcall)) void wait_awake(uint32_t thread, __attribute__((swift_context)) lock_word *word)
    __asm__("$s15Synchronization12_MutexHandleV9_lockSlowyys6UInt32VF");

__attribute__((swiftcall)) void wait_awake(uint32_t thread, __attribute__((swift_context)) lock_word *word) {
  uint32_t free = 0;
  while (!atomic_compare_exchange_weak_explicit(word, &free, thread, memory_order_acquire,
                                                memory_order_relaxed)) {
    free = 0;
    sched_yield();
  }
}
