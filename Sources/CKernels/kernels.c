#include <stdlib.h>
#include <string.h>

#include "dispatch.h"

static const struct edviz_kernels *choose(void) {
#if defined(__x86_64__)
  const char *asked = getenv("EDVIZ_CPU");
  __builtin_cpu_init();
  const int wide = __builtin_cpu_supports("x86-64-v4"), middle = __builtin_cpu_supports("x86-64-v3");
  if (asked && !strcmp(asked, "portable")) return &edviz_kernels_portable;
  if (middle && asked && !strcmp(asked, "avx2")) return &edviz_kernels_avx2;
  if (wide) return &edviz_kernels_avx512;
  if (middle) return &edviz_kernels_avx2;
#endif
  return &edviz_kernels_portable;
}

const struct edviz_kernels *edviz_chosen;

__attribute__((constructor)) static void choose_once(void) { edviz_chosen = choose(); }

const char *edviz_kernel_level(void) { return edviz_chosen->level; }

void edviz_sum(
    float *out, const edviz_summand *summands, int count, int64_t positions, int64_t channels, int relu) {
  const struct sum_arguments a = {out, summands, count, relu, channels};
  RUN(sum, positions, channels, a);
}

int edviz_is_finite(const float *in, int64_t count) {
  float odd = 0;
  const struct map_arguments a = {&odd, in, 0};
  // On one thread, which the memory can hardly feed: while weights are loaded, others have their hash to compute.
  edviz_chosen->find_odd(&a, 0, count);
  return odd == 0;
}

void edviz_sigmoid(float *out, const float *in, int64_t count) {
  const struct map_arguments a = {out, in, 0};
  RUN(sigmoid, count, 16, a);
}

void edviz_activate(float *out, const float *in, int64_t count, enum edviz_activation kind, float slope) {
  const struct activation_arguments a = {out, in, 0, kind, slope};
  RUN(activate, count, 16, a);
}

void edviz_softmax(float *out, const float *in, int64_t rows, int64_t channels) {
  const struct map_arguments a = {out, in, channels};
  RUN(softmax, rows, channels * 16, a);
}

void edviz_scale_channels(
    float *out, const float *in, const float *gate, int64_t batch, int64_t positions, int64_t channels) {
  const struct gate_arguments a = {out, in, gate, positions, channels};
  RUN(scale_channels, batch * positions, channels, a);
}

void edviz_scale_rows(float *out, const float *in, const float *factors, int64_t rows, int64_t columns) {
  const struct gate_arguments a = {out, in, factors, 0, columns};
  RUN(scale_rows, rows, columns, a);
}

void edviz_max_pool(float *out, const float *in, const edviz_window *w) {
  const struct pool_arguments a = {out, in, w, 0};
  RUN(max_pool, w->batch * w->out_height, w->out_width * w->channels * w->kernel_height * w->kernel_width, a);
}

void edviz_average_pool(float *out, const float *in, const edviz_window *w, int count_padding) {
  const struct pool_arguments a = {out, in, w, count_padding};
  RUN(average_pool, w->batch * w->out_height, w->out_width * w->channels * w->kernel_height * w->kernel_width,
      a);
}

void edviz_blur(float *out, const float *in, const edviz_window *w) {
  const struct pool_arguments a = {out, in, w, 0};
  RUN(blur, w->batch * w->out_height, w->out_width * w->channels * 9, a);
}

void edviz_global_average(float *out, const float *in, int64_t batch, int64_t positions, int64_t channels) {
  const struct gate_arguments a = {out, in, 0, positions, channels};
  RUN(global_average, batch, positions * channels, a);
}

void edviz_channel_sum(float *out, const float *in, int64_t positions, int64_t channels) {
  const struct map_arguments a = {out, in, channels};
  RUN(channel_sum, positions, channels, a);
}

void edviz_channel_sums(double *out, const float *in, int64_t batch, int64_t positions, int64_t channels) {
  const struct channel_sums_arguments a = {out, in, positions, channels};
  RUN(channel_sums, batch * ((channels + 15) / 16), 16 * positions, a);
}

void edviz_spatial_entropy(float *out, const float *maps, int64_t batch, int64_t positions) {
  const struct map_arguments a = {out, maps, positions};
  RUN(spatial_entropy, batch, positions * 16, a);
}

void edviz_resize_bilinear(
    float *out, const float *in, int64_t batch, int64_t height, int64_t width, int64_t channels,
    int64_t out_height, int64_t out_width) {
  const struct resize_arguments a = {out, in, height, width, channels, out_height, out_width};
  RUN(resize_bilinear, batch * out_height, out_width * channels * 4, a);
}

void edviz_transpose(float *out, const float *in, int64_t batch, int64_t rows, int64_t columns) {
  const struct transpose_arguments a = {out, in, rows, columns};
  RUN(transpose, batch * ((rows + 15) / 16), 16 * columns, a);
}

void edviz_copy_channels(
    float *to, int64_t to_channels, const float *from, int64_t from_channels, int64_t count,
    int64_t positions) {
  const struct copy_arguments a = {to, from, to_channels, from_channels, count};
  RUN(copy_channels, positions, count, a);
}

void edviz_subsample(
    float *out, const float *in, int64_t batch, int64_t height, int64_t width, int64_t channels,
    int64_t stride, int64_t out_channels) {
  const struct subsample_arguments a = {out, in, height, width, channels, stride, out_channels};
  const int64_t lines = (height + stride - 1) / stride;
  RUN(subsample, batch * lines, width / stride * out_channels, a);
}

void edviz_unfold(
    float *matrix, const float *image, const edviz_unfolding *shape, int64_t first, int64_t last) {
  const struct unfold_arguments a = {matrix, image, shape, first};
  RUN(unfold, last - first, shape->kernel_height * shape->kernel_width * shape->group_channels, a);
}

void edviz_fold(
    float *image, const float *matrix, const edviz_unfolding *shape, int64_t first, int64_t last) {
  edviz_chosen->fold(image, matrix, shape, first, last);
}

void edviz_multiply_adds(int64_t steps) {
  float sink;
  const struct multiply_add_arguments a = {&sink, steps};
  edviz_parallel(edviz_threads(), 1, (edviz_body)edviz_chosen->multiply_adds, &a);
}
