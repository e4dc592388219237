#ifndef EDVIZ_TEAM_H
#define EDVIZ_TEAM_H

#include <stdint.h>

// A loop body over [begin, end).
typedef void (*edviz_body)(const void *context, int64_t begin, int64_t end);

// Splits [0, total) evenly over the team; on one thread if less than `grain` would fall to each.
void edviz_parallel(int64_t total, int64_t grain, edviz_body body, const void *context);

// Every member does so before its share of the work: asks the kernel for turns that suit how teams wait.
void edviz_take_turns(void);

#endif
