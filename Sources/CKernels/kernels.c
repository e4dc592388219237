#include "kernels.h"

#include <stdlib.h>
#include <string.h>

#include "arguments.h"
#include "team.h"

// Elements below which a second thread costs more than it helps.
enum { GRAIN = 16384 };

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

static const struct edviz_kernels *chosen;

__attribute__((constructor)) static void choose_once(void) { chosen = choose(); }

const char *edviz_kernel_level(void) { return chosen->level; }

static int64_t at_least(int64_t per_item) {
  const int64_t items = GRAIN / (per_item > 0 ? per_item : 1);
  return items > 0 ? items : 1;
}

#define RUN(body, total, per_item, arguments) \
  edviz_parallel(total, at_least(per_item), (edviz_body)chosen->body, &(arguments))

void edviz_sum(
    float *out, const edviz_summand *summands, int count, int64_t positions, int64_t channels, int relu) {
  const struct sum_arguments a = {out, summands, count, relu, channels};
  RUN(sum, positions, channels, a);
}

int edviz_is_finite(const float *in, int64_t count) {
  float odd = 0;
  const struct map_arguments a = {&odd, in, 0};
  RUN(find_odd, count, 1, a);
  return odd == 0;
}

void edviz_sigmoid(float *out, const float *in, int64_t count) {
  const struct map_arguments a = {out, in, 0};
  RUN(sigmoid, count, 16, a);
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

void edviz_global_average(float *out, const float *in, int64_t batch, int64_t positions, int64_t channels) {
  const struct gate_arguments a = {out, in, 0, positions, channels};
  RUN(global_average, batch, positions * channels, a);
}

void edviz_channel_sum(float *out, const float *in, int64_t positions, int64_t channels) {
  const struct map_arguments a = {out, in, channels};
  RUN(channel_sum, positions, channels, a);
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

void edviz_grouped_convolution(
    float *out, const float *in, const float *weights, const float *bias, const edviz_window *w, int outputs,
    int relu) {
  static const float zeros[EDVIZ_GROUPED_MOST_CHANNELS];
  const struct grouped_arguments a = {out, in, weights, bias, zeros, w, outputs, relu};
  RUN(grouped, w->batch * w->out_height,
      w->out_width * w->channels * w->kernel_height * w->kernel_width * outputs / 16, a);
}

static const float narrow_zeros[EDVIZ_GROUPED_MOST_CHANNELS];

void edviz_narrow_convolution(
    float *out, const float *in, const float *weights, const float *bias, const edviz_window *w, int group,
    int transposed, int relu) {
  const struct narrow_arguments a = {out, in, weights, bias, narrow_zeros, w, 1, group, transposed, relu};
  const int64_t work = w->out_width * w->channels * w->kernel_height * w->kernel_width * group / 16;
  RUN(narrow, w->batch * (transposed ? w->height : w->out_height), work, a);
}

int64_t edviz_narrow_parts(const edviz_window *w) {
  const int64_t threads = edviz_threads();
  return w->batch < threads ? w->batch : threads;
}

void edviz_narrow_weights(
    float *sums, const float *in, const float *out_gradient, const edviz_window *w, int group, int64_t parts) {
  const struct narrow_arguments a = {sums, in, out_gradient, 0, narrow_zeros, w, parts, group, 0, 0};
  edviz_parallel(parts, 1, (edviz_body)chosen->narrow_weights, &a);
}

static const float winograd_zeros[EDVIZ_WINOGRAD_MOST_CHANNELS];

int edviz_has_winograd(void) { return chosen->winograd != 0; }

static struct winograd_arguments winograd_plan(const edviz_winograd *s) {
  struct winograd_arguments a = {0};
  a.height = s->height, a.width = s->width, a.in_channels = s->in_channels, a.out_channels = s->out_channels;
  a.tile_rows = (s->height + 3) / 4, a.tile_columns = (s->width + 3) / 4;
  a.tiles = s->batch * a.tile_rows * a.tile_columns;
  a.zeros = winograd_zeros;
  const int64_t threads = edviz_threads();
  a.parts = a.tiles < 2 * threads ? 1 : threads;
  // Points and products of a strip take half of a core's second-level cache, all of it where the weights do not fit in
  // beside them anyway.
  const int64_t strips = s->in_channels * s->out_channels > 64 * 64 ? 262144 : 131072;
  const int64_t fitting = strips / (EDVIZ_WINOGRAD_POINTS * (s->in_channels + s->out_channels)) / 12 * 12;
  a.strip = fitting < 12 ? 12 : fitting > 48 ? 48 : fitting;
  a.scratch_stride = EDVIZ_WINOGRAD_POINTS * a.strip * (s->in_channels + s->out_channels);
  return a;
}

void edviz_winograd_pack(float *points, const float *weights, int64_t inputs, int64_t outputs, int transposed) {
  const struct winograd_pack_arguments a = {points, weights, 0, inputs, outputs, 1, transposed, 0};
  RUN(winograd_pack, inputs, outputs * EDVIZ_WINOGRAD_POINTS, a);
}

int64_t edviz_winograd_scratch(const edviz_winograd *shape) {
  const struct winograd_arguments a = winograd_plan(shape);
  return a.parts * a.scratch_stride;
}

int64_t edviz_winograd_weights_scratch(const edviz_winograd *shape) {
  const struct winograd_arguments a = winograd_plan(shape);
  return a.parts * (a.scratch_stride + EDVIZ_WINOGRAD_POINTS * a.in_channels * a.out_channels);
}

void edviz_winograd_convolve(
    float *out, const float *in, const float *points, const float *bias, const float *addend, int relu,
    const edviz_winograd *shape, float *scratch) {
  struct winograd_arguments a = winograd_plan(shape);
  a.out = out, a.scratch = scratch, a.in = in, a.weights = points, a.bias = bias, a.addend = addend, a.relu = relu;
  edviz_parallel(a.parts, 1, (edviz_body)chosen->winograd, &a);
}

void edviz_winograd_weights(
    float *gradient, const float *in, const float *out_gradient, int accumulates, const edviz_winograd *shape,
    float *scratch) {
  struct winograd_arguments a = winograd_plan(shape);
  a.in = in, a.addend = out_gradient, a.scratch = scratch, a.out = scratch + a.parts * a.scratch_stride;
  edviz_parallel(a.parts, 1, (edviz_body)chosen->winograd_weights, &a);
  const struct winograd_pack_arguments sums = {a.out, 0, gradient, a.in_channels, a.out_channels, a.parts, 0,
                                               accumulates};
  RUN(winograd_unpack, a.in_channels, a.out_channels * EDVIZ_WINOGRAD_POINTS, sums);
}

// Blocks that sums over positions are gathered in: by the size alone, not by the number of threads.
static int64_t block_count(int64_t positions, int64_t channels) {
  const int64_t blocks = positions * channels / 65536;
  return blocks < 1 ? 1 : blocks > 64 ? 64 : blocks;
}

void edviz_moments(float *mean, float *variance, const float *in, int64_t positions, int64_t channels) {
  const int64_t blocks = block_count(positions, channels);
  double *partial = calloc((size_t)(blocks * 2 * channels), sizeof(double));
  float *pivot = calloc((size_t)channels, sizeof(float));
  if (!partial || !pivot) abort();
  // Squares are taken of distances from about the mean, so that little is lost by cancellation.
  enum { samples = 32 };
  for (int64_t i = 0; i < samples; ++i) {
    const float *row = in + (2 * i + 1) * positions / (2 * samples) * channels;
    for (int64_t c = 0; c < channels; ++c) pivot[c] += row[c] * (1.f / samples);
  }
  const struct moments_arguments a = {partial, in, pivot, positions, channels, blocks};
  edviz_parallel(blocks, 1, (edviz_body)chosen->moments, &a);
  for (int64_t c = 0; c < channels; ++c) {
    double sum = 0, square = 0;
    for (int64_t b = 0; b < blocks; ++b) {
      sum += partial[b * 2 * channels + c];
      square += partial[(b * 2 + 1) * channels + c];
    }
    const double shift = sum / (double)positions, spread = square / (double)positions - shift * shift;
    mean[c] = (float)(pivot[c] + shift);
    variance[c] = spread > 0 ? (float)spread : spread == spread ? 0 : (float)spread;
  }
  free(pivot);
  free(partial);
}

void edviz_gather(float *gathered, float *sums, const edviz_gradient *g) {
  const int64_t blocks = block_count(g->positions, g->channels), columns = (g->terms + 1) * g->channels;
  double *partial = calloc((size_t)(blocks * columns), sizeof(double));
  if (!partial) abort();
  const struct gather_arguments a = {
      gathered, {g->contributions[0], g->contributions[1], g->contributions[2]}, g->contribution_count, g->mask,
      g->terms, g->output, g->scale, g->shift, {g->values[0], g->values[1], g->values[2]},
      {g->means[0], g->means[1], g->means[2]}, partial, g->positions, g->channels, blocks};
  edviz_parallel(blocks, 1, (edviz_body)chosen->gather, &a);
  for (int64_t c = 0; c < columns; ++c) {
    double sum = 0;
    for (int64_t b = 0; b < blocks; ++b) sum += partial[b * columns + c];
    sums[c] = (float)sum;
  }
  free(partial);
}

void edviz_spread(
    float *out, const float *gradient, const float *in, const float *factor, const float *slope,
    const float *offset, const float *scale, const float *shift, int64_t positions, int64_t channels) {
  const struct spread_arguments a = {out, gradient, in, factor, slope, offset, scale, shift, channels};
  RUN(spread, positions, channels, a);
}

void edviz_max_pool_places(float *out, uint8_t *places, const float *in, const edviz_window *w) {
  const struct pool_arguments a = {out, in, w, 0, places};
  RUN(max_pool_places, w->batch * w->out_height,
      w->out_width * w->channels * w->kernel_height * w->kernel_width, a);
}

void edviz_max_pool_gradient(
    float *out, const float *gradient, const uint8_t *places, const edviz_window *w) {
  const struct pool_gradient_arguments a = {out, gradient, places, w, 0};
  RUN(max_pool_gradient, w->batch, w->height * w->width * w->channels, a);
}

void edviz_average_pool_gradient(
    float *out, const float *gradient, const edviz_window *w, int count_padding) {
  const struct pool_gradient_arguments a = {out, gradient, 0, w, count_padding};
  RUN(average_pool_gradient, w->batch, w->height * w->width * w->channels, a);
}

void edviz_global_average_gradient(
    float *out, const float *gradient, int64_t batch, int64_t positions, int64_t channels) {
  const struct gate_arguments a = {out, gradient, 0, positions, channels};
  RUN(global_average_gradient, batch * positions, channels, a);
}

void edviz_subsample_gradient(
    float *out, const float *gradient, int64_t batch, int64_t height, int64_t width, int64_t channels,
    int64_t stride, int64_t out_channels) {
  const struct subsample_arguments a = {out, gradient, height, width, channels, stride, out_channels};
  RUN(subsample_gradient, batch * height, width * channels, a);
}

void edviz_column_sum(float *out, const float *in, int64_t rows, int64_t columns) {
  const struct map_arguments a = {out, in, columns, rows};
  RUN(column_sum, columns, rows, a);
}

void edviz_sigmoid_gradient(float *out, const float *sigmoid, const float *gradient, int64_t count) {
  const struct pair_arguments a = {out, sigmoid, gradient, 0, 0};
  RUN(sigmoid_gradient, count, 1, a);
}

void edviz_softmax_gradient(
    float *out, const float *softmax, const float *gradient, int64_t rows, int64_t channels) {
  const struct pair_arguments a = {out, softmax, gradient, 0, channels};
  RUN(softmax_gradient, rows, channels, a);
}

void edviz_channel_products(
    float *out, const float *x, const float *y, int64_t batch, int64_t positions, int64_t channels) {
  const struct pair_arguments a = {out, x, y, positions, channels};
  RUN(channel_products, batch, positions * channels, a);
}

void edviz_channel_sum_gradient(float *out, const float *gradient, int64_t positions, int64_t channels) {
  const struct map_arguments a = {out, gradient, channels, 0};
  RUN(channel_sum_gradient, positions, channels, a);
}

void edviz_resize_bilinear_gradient(
    float *out, const float *gradient, int64_t batch, int64_t height, int64_t width, int64_t channels,
    int64_t out_height, int64_t out_width) {
  const struct resize_arguments a = {out, gradient, height, width, channels, out_height, out_width};
  RUN(resize_bilinear_gradient, batch, out_height * out_width * channels, a);
}

void edviz_descend(
    float *values, float *directions, const float *gradients, int64_t count, float rate, float momentum, float decay,
    float gradient_factor, int nesterov) {
  const struct descent_arguments a = {values, directions, gradients, rate, momentum, decay, gradient_factor, nesterov};
  RUN(descend, count, 1, a);
}

void edviz_average_into(float *averages, const float *values, int64_t count, float kept) {
  const struct descent_arguments a = {(float *)values, averages, 0, 0, kept, 0, 0, 0};
  RUN(average_into, count, 1, a);
}

void edviz_unfold(
    float *matrix, const float *image, const edviz_unfolding *shape, int64_t first, int64_t last) {
  const struct unfold_arguments a = {matrix, image, shape, first};
  RUN(unfold, last - first, shape->kernel_height * shape->kernel_width * shape->group_channels, a);
}

void edviz_fold(
    float *image, const float *matrix, const edviz_unfolding *shape, int64_t first, int64_t last) {
  chosen->fold(image, matrix, shape, first, last);
}
