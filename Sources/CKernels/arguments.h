#ifndef EDVIZ_ARGUMENTS_H
#define EDVIZ_ARGUMENTS_H

#include "kernels.h"

// What the body of each loop needs to know, and the table of bodies of one instruction set.

struct sum_arguments {
  float *out;
  const edviz_summand *summands;
  int count, relu;
  int64_t channels;
};
struct map_arguments {
  float *out;
  const float *in;
  int64_t channels, rows;
};
struct activation_arguments {
  float *out;
  const float *in, *gradient;
  enum edviz_activation kind;
  float slope;
};
struct pair_arguments {
  float *out;
  const float *first, *second;
  int64_t positions, channels;
};
struct gate_arguments {
  float *out;
  const float *in, *gate;
  int64_t positions, channels;
};
struct peak_arguments {
  float *out;
  const float *in, *peaks, *gradient;
  int64_t positions, channels;
};
struct pool_arguments {
  float *out;
  const float *in;
  const edviz_window *window;
  int count_padding;
  uint8_t *places;
};
struct pool_gradient_arguments {
  float *out;
  const float *gradient;
  const uint8_t *places;
  const edviz_window *window;
  int count_padding;
};
struct moments_arguments {
  double *partial;
  const float *in, *pivot;
  int64_t positions, channels, blocks;
};
struct gather_arguments {
  float *gradient;
  const float *contributions[3];
  int contribution_count, mask, terms;
  const float *output, *scale, *shift;
  const float *values[3], *means[3];
  double *partial;
  int64_t positions, channels, blocks;
};
struct channel_sums_arguments {
  double *out;
  const float *in;
  int64_t positions, channels;
};
struct spread_arguments {
  float *out;
  const float *gradient, *in, *factor, *slope, *offset, *scale, *shift;
  int64_t channels;
};
struct descent_arguments {
  float *values, *directions;
  const float *gradients;
  float rate, momentum, decay, gradient_factor;
  int nesterov;
};
struct resize_arguments {
  float *out;
  const float *in;
  int64_t height, width, channels, out_height, out_width;
};
struct transpose_arguments {
  float *out;
  const float *in;
  int64_t rows, columns;
};
struct copy_arguments {
  float *to;
  const float *from;
  int64_t to_channels, from_channels, count;
};
struct subsample_arguments {
  float *out;
  const float *in;
  int64_t height, width, channels, stride, out_channels;
};
struct unfold_arguments {
  float *matrix;
  const float *image;
  const edviz_unfolding *shape;
  int64_t first;
};

// `in_group` belongs to the large map and `out_group` to the small one, whichever is read. `parts` are of the batch for
// weight gradients and of the channels for the transposed convolution, whose offsets are `bias`.
struct grouped_arguments {
  float *out;
  const float *in, *weights, *bias, *zeros;
  const edviz_window *window;
  int64_t parts;
  int in_group, out_group, relu, addend_count;
  const float *scale, *addends[2];
  // Some lines of another addend, from the float `strip_start` of the map on; or none.
  const float *strip;
  int64_t strip_start;
};

struct narrow_arguments {
  float *out;
  const float *in, *weights, *bias, *zeros;
  const edviz_window *window;
  int64_t parts;
  int group, transposed, relu;
};

// Stride 1; stride 2; the data gradient of stride 2.
enum winograd_scheme { PLAIN, STRIDED, SPREAD };

// Height and width are those of the large map. `weights` are what winograd_pack makes. For weight gradients `addend` are the
// gradients of the outputs, and `out` the sums. With `streams` the outputs go past the caches. `first` and `count` say which
// tiles the threads share, if they do.
struct winograd_arguments {
  float *out, *scratch;
  const float *in, *weights, *bias, *addend;
  int64_t height, width, in_channels, out_channels, tile_rows, tile_columns, tiles, strip, parts, scratch_stride, first,
      count;
  int relu, streams, shared;
  enum winograd_scheme scheme;
};
struct winograd_pack_arguments {
  float *points;
  const float *weights;
  float *gradient;
  int64_t inputs, outputs, parts;
  int transposed, strided, accumulates;
};

// `weights` are panels[out / 64][in][64], the last one narrower.
struct pointwise_arguments {
  float *out;
  const float *in, *weights, *bias, *addend;
  int64_t inputs, outputs;
  int relu;
};

// `strip` lines of the projection at a time, in each part's own piece of `scratch`.
struct block_tail_arguments {
  struct grouped_arguments decoder;
  struct pointwise_arguments projection;
  float *scratch;
  int64_t parts, strip;
};

struct multiply_add_arguments {
  float *sink;
  int64_t steps;
};

struct edviz_kernels {
  const char *level;
  void (*sum)(const struct sum_arguments *, int64_t, int64_t);
  void (*find_odd)(const struct map_arguments *, int64_t, int64_t);
  void (*sigmoid)(const struct map_arguments *, int64_t, int64_t);
  void (*activate)(const struct activation_arguments *, int64_t, int64_t);
  void (*softmax)(const struct map_arguments *, int64_t, int64_t);
  void (*scale_channels)(const struct gate_arguments *, int64_t, int64_t);
  void (*scale_rows)(const struct gate_arguments *, int64_t, int64_t);
  void (*max_pool)(const struct pool_arguments *, int64_t, int64_t);
  void (*average_pool)(const struct pool_arguments *, int64_t, int64_t);
  void (*blur)(const struct pool_arguments *, int64_t, int64_t);
  void (*global_average)(const struct gate_arguments *, int64_t, int64_t);
  void (*channel_sum)(const struct map_arguments *, int64_t, int64_t);
  void (*channel_sums)(const struct channel_sums_arguments *, int64_t, int64_t);
  void (*spatial_entropy)(const struct map_arguments *, int64_t, int64_t);
  void (*resize_bilinear)(const struct resize_arguments *, int64_t, int64_t);
  void (*transpose)(const struct transpose_arguments *, int64_t, int64_t);
  void (*copy_channels)(const struct copy_arguments *, int64_t, int64_t);
  void (*subsample)(const struct subsample_arguments *, int64_t, int64_t);
  void (*unfold)(const struct unfold_arguments *, int64_t, int64_t);
  void (*grouped)(const struct grouped_arguments *, int64_t, int64_t);
  void (*grouped_weights)(const struct grouped_arguments *, int64_t, int64_t);
  void (*grouped_transposed)(const struct grouped_arguments *, int64_t, int64_t);
  void (*moments)(const struct moments_arguments *, int64_t, int64_t);
  void (*gather)(const struct gather_arguments *, int64_t, int64_t);
  void (*spread)(const struct spread_arguments *, int64_t, int64_t);
  void (*max_pool_places)(const struct pool_arguments *, int64_t, int64_t);
  void (*max_pool_gradient)(const struct pool_gradient_arguments *, int64_t, int64_t);
  void (*average_pool_gradient)(const struct pool_gradient_arguments *, int64_t, int64_t);
  void (*blur_gradient)(const struct pool_gradient_arguments *, int64_t, int64_t);
  void (*global_average_gradient)(const struct gate_arguments *, int64_t, int64_t);
  void (*subsample_gradient)(const struct subsample_arguments *, int64_t, int64_t);
  void (*descend)(const struct descent_arguments *, int64_t, int64_t);
  void (*average_into)(const struct descent_arguments *, int64_t, int64_t);
  void (*column_sum)(const struct map_arguments *, int64_t, int64_t);
  void (*activate_gradient)(const struct activation_arguments *, int64_t, int64_t);
  void (*sigmoid_gradient)(const struct pair_arguments *, int64_t, int64_t);
  void (*softmax_gradient)(const struct pair_arguments *, int64_t, int64_t);
  void (*channel_products)(const struct pair_arguments *, int64_t, int64_t);
  void (*channel_sum_gradient)(const struct map_arguments *, int64_t, int64_t);
  void (*resize_bilinear_gradient)(const struct resize_arguments *, int64_t, int64_t);
  void (*global_max)(const struct gate_arguments *, int64_t, int64_t);
  void (*global_max_gradient)(const struct peak_arguments *, int64_t, int64_t);
  void (*channel_max_mean)(const struct map_arguments *, int64_t, int64_t);
  void (*channel_max_mean_gradient)(const struct peak_arguments *, int64_t, int64_t);
  void (*row_products)(const struct pair_arguments *, int64_t, int64_t);
  void (*pointwise)(const struct pointwise_arguments *, int64_t, int64_t);
  void (*block_tail)(const struct block_tail_arguments *, int64_t, int64_t);
  void (*winograd)(const struct winograd_arguments *, int64_t, int64_t);
  void (*winograd_pixels)(const struct winograd_arguments *, int64_t, int64_t);
  void (*winograd_products)(const struct winograd_arguments *, int64_t, int64_t);
  void (*winograd_outputs)(const struct winograd_arguments *, int64_t, int64_t);
  void (*winograd_weights)(const struct winograd_arguments *, int64_t, int64_t);
  void (*winograd_gradients)(const struct winograd_arguments *, int64_t, int64_t);
  void (*winograd_correlations)(const struct winograd_arguments *, int64_t, int64_t);
  void (*winograd_pack)(const struct winograd_pack_arguments *, int64_t, int64_t);
  void (*winograd_unpack)(const struct winograd_pack_arguments *, int64_t, int64_t);
  void (*narrow)(const struct narrow_arguments *, int64_t, int64_t);
  void (*narrow_weights)(const struct narrow_arguments *, int64_t, int64_t);
  void (*multiply_adds)(const struct multiply_add_arguments *, int64_t, int64_t);
  void (*fold)(float *, const float *, const edviz_unfolding *, int64_t, int64_t);
};

extern const struct edviz_kernels edviz_kernels_portable;
#if defined(__x86_64__)
extern const struct edviz_kernels edviz_kernels_avx2, edviz_kernels_avx512;
#endif

#endif
