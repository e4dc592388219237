#define _GNU_SOURCE
#include <pthread.h>
#include <semaphore.h>
#include <signal.h>
#include <stdatomic.h>
#include <stdio.h>
#include <stdlib.h>
#include <sys/syscall.h>
#include <unistd.h>

#include "kernels.h"
#include "team.h"

extern void GOMP_parallel(void (*body)(void *), void *context, unsigned threads, unsigned flags);
extern int omp_get_num_procs(void);

// A team that only is there. While libgomp counts more threads in teams than there are processors, threads that wait for others
// of their team go to sleep after a hundred looks instead of some hundred thousand (its manual, GOMP_SPINCOUNT), and
// nothing but that count changes how they wait once a program runs.
struct idle_team {
  sem_t dismissed;
  unsigned members;
};

static void nothing(void *context) { (void)context; }

// A team lives as long as the thread that it belongs to.
static void *stand_idle(void *pointer) {
  struct idle_team *team = pointer;
  GOMP_parallel(nothing, 0, team->members, 0);
  while (sem_wait(&team->dismissed) != 0) {}
  sem_destroy(&team->dismissed);
  free(team);
  return 0;
}

// Null if there is no thread to be had.
static struct idle_team *call_idle_team(void) {
  const int processors = omp_get_num_procs(), others = edviz_threads() - 1;
  struct idle_team *team = malloc(sizeof *team);
  if (!team) return 0;
  // libgomp counts one thread for the program and one for each further member of every team.
  team->members = processors > others ? (unsigned)(processors - others) + 1 : 2;
  pthread_attr_t attributes;
  pthread_t thread;
  sigset_t all, before;
  sem_init(&team->dismissed, 0, 0);
  pthread_attr_init(&attributes);
  pthread_attr_setdetachstate(&attributes, PTHREAD_CREATE_DETACHED);
  // Signals are for the program's own threads.
  sigfillset(&all);
  pthread_sigmask(SIG_SETMASK, &all, &before);
  const int failure = pthread_create(&thread, &attributes, stand_idle, team);
  pthread_sigmask(SIG_SETMASK, &before, 0);
  pthread_attr_destroy(&attributes);
  if (!failure) return team;
  sem_destroy(&team->dismissed);
  free(team);
  return 0;
}

// Linux's struct sched_attr, which not every C library knows.
struct scheduling {
  uint32_t size, policy;
  uint64_t flags;
  int32_t nice;
  uint32_t priority;
  uint64_t runtime, deadline, period;
  uint32_t least_utilisation, most_utilisation;
};

// Nanoseconds. Who asks for short turns (since Linux 6.12) gets no more time in all, but is let in soon after it has been woken.
enum { SHORT_TURN = 100000 };

static atomic_int sleeps;
static _Thread_local int has_short_turns;
static _Thread_local uint64_t usual_turn;

void edviz_take_turns(void) {
  const int sleeping = atomic_load_explicit(&sleeps, memory_order_relaxed);
  if (sleeping == has_short_turns) return;
  has_short_turns = sleeping;
  struct scheduling own = {0};
  if (syscall(SYS_sched_getattr, 0, &own, sizeof own, 0) != 0 || own.policy != SCHED_OTHER) return;
  const uint64_t turn = own.runtime;
  own.runtime = sleeping ? SHORT_TURN : usual_turn;
  // Earlier kernels do not tell.
  if (turn == 0 || own.runtime == 0) return;
  if (syscall(SYS_sched_setattr, 0, &own, 0) == 0 && sleeping) usual_turn = turn;
}

int edviz_is_crowded(void) {
  // Load averages, then threads that could run and all there are: "0.20 0.18 0.12 1/80 11206".
  int running = 0;
  FILE *load = fopen("/proc/loadavg", "re");
  if (!load) return 0;
  if (fscanf(load, "%*s %*s %*s %d", &running) != 1) running = 0;
  fclose(load);
  return running - 1 >= omp_get_num_procs();
}

void edviz_sleep_while_waiting(int sleep) {
  static struct idle_team *idle;
  atomic_store_explicit(&sleeps, sleep, memory_order_relaxed);
  if (sleep && !idle) {
    idle = call_idle_team();
  } else if (!sleep && idle) {
    sem_post(&idle->dismissed);
    idle = 0;
  }
}
