#include "dispatch.h"

void edviz_global_max(float *out, const float *in, int64_t batch, int64_t positions, int64_t channels) {
  const struct gate_arguments a = {out, in, 0, positions, channels};
  RUN(global_max, batch, positions * channels, a);
}

void edviz_global_max_gradient(
    float *out, const float *in, const float *peaks, const float *gradient, int64_t batch, int64_t positions,
    int64_t channels) {
  const struct peak_arguments a = {out, in, peaks, gradient, positions, channels};
  RUN(global_max_gradient, batch, positions * channels, a);
}

void edviz_channel_max_mean(float *out, const float *in, int64_t positions, int64_t channels) {
  const struct map_arguments a = {out, in, channels, 0};
  RUN(channel_max_mean, positions, channels, a);
}

void edviz_channel_max_mean_gradient(
    float *out, const float *in, const float *peaks, const float *gradient, int64_t positions,
    int64_t channels) {
  const struct peak_arguments a = {out, in, peaks, gradient, positions, channels};
  RUN(channel_max_mean_gradient, positions, channels, a);
}

void edviz_row_products(float *out, const float *x, const float *y, int64_t rows, int64_t columns) {
  const struct pair_arguments a = {out, x, y, 0, columns};
  RUN(row_products, rows, columns, a);
}
