#include "team.h"

#include "kernels.h"

// libgomp's own entry points: the Swift toolchain's clang brings another OpenMP runtime, and a second team
// beside oneDNN's would double the threads.
extern void GOMP_parallel(void (*body)(void *), void *context, unsigned threads, unsigned flags);
extern int omp_get_thread_num(void);
extern int omp_get_num_threads(void);
extern int omp_get_max_threads(void);
extern void omp_set_num_threads(int threads);

void edviz_set_threads(int threads) { omp_set_num_threads(threads < 1 ? 1 : threads); }
int edviz_threads(void) { return omp_get_max_threads(); }

struct job {
  edviz_body body;
  const void *context;
  int64_t total;
};

static void work(void *pointer) {
  const struct job *job = pointer;
  edviz_take_turns();
  const int64_t member = omp_get_thread_num(), members = omp_get_num_threads();
  const int64_t begin = job->total * member / members, end = job->total * (member + 1) / members;
  if (begin < end) job->body(job->context, begin, end);
#if defined(__x86_64__)
  // What was written past the caches is there before the team goes on.
  __builtin_ia32_sfence();
#endif
}

void edviz_parallel(int64_t total, int64_t grain, edviz_body body, const void *context) {
  const int64_t useful = grain > 0 ? total / grain : total;
  int64_t threads = omp_get_max_threads();
  if (useful < threads) threads = useful;
  if (threads <= 1) {
    if (total > 0) body(context, 0, total);
    return;
  }
  struct job job = {body, context, total};
  GOMP_parallel(work, &job, (unsigned)threads, 0);
}
