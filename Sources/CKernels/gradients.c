#include <stdlib.h>
#include <string.h>

#include "dispatch.h"

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
  edviz_parallel(blocks, 1, (edviz_body)edviz_chosen->moments, &a);
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
  edviz_parallel(blocks, 1, (edviz_body)edviz_chosen->gather, &a);
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

void edviz_blur_gradient(float *out, const float *gradient, const edviz_window *w) {
  const struct pool_gradient_arguments a = {out, gradient, 0, w, 0};
  RUN(blur_gradient, w->batch, w->height * w->width * w->channels, a);
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

void edviz_activate_gradient(
    float *out, const float *in, const float *gradient, int64_t count, enum edviz_activation kind, float slope) {
  const struct activation_arguments a = {out, in, gradient, kind, slope};
  RUN(activate_gradient, count, 16, a);
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
