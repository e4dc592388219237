#ifndef EDVIZ_KERNELS_H
#define EDVIZ_KERNELS_H

// The loops that a compiler vectorises only when told for which processor. Every function is compiled for
// AVX-512, AVX2 and the portable baseline; the widest that runs here is chosen once, or the one that
// EDVIZ_CPU=avx512|avx2|portable names. Work is split over the calling thread's OpenMP team, the same that
// oneDNN uses. Activations are NHWC; `positions` counts pixels over the batch.

#include <stdint.h>

#ifdef __cplusplus
extern "C" {
#endif

// Threads of the team; at least 1.
void edviz_set_threads(int threads);
int edviz_threads(void);

// How the threads of all teams wait for each other: by looking for some milliseconds, as libgomp has it, or by sleeping after
// some microseconds. Called by a thread with a team of its own, by one at a time.
void edviz_sleep_while_waiting(int sleep);
// 1 if other threads, the machine over, would keep all processors busy at this moment, else 0.
int edviz_is_crowded(void);
// "avx512", "avx2" or "portable".
const char *edviz_kernel_level(void);

// Floating-point operations in one step of edviz_multiply_adds.
enum { EDVIZ_PEAK_OPERATIONS = 384 };
// Multiply-adds in the registers of the chosen instruction set, `steps` of them on every thread of the team.
void edviz_multiply_adds(int64_t steps);

// One summand: values, and per channel an optional factor and offset (both or neither).
typedef struct {
  const float *values, *scale, *shift;
} edviz_summand;

// out = Σ (scale · values + shift) over 1 to 3 summands, then optionally max(0, ·). `out` may be a summand's
// `values`.
void edviz_sum(
    float *out, const edviz_summand *summands, int count, int64_t positions, int64_t channels, int relu);

// 1 if no value is NaN or infinite, else 0.
int edviz_is_finite(const float *in, int64_t count);
// Whether since the last `edviz_forget_overflow` a result was too large for its type, or none at all as ∞ - ∞ is, on the calling
// thread or another one of its team. What the processor notes of each operation by itself costs nothing.
void edviz_forget_overflow(void);
int edviz_overflowed(void);
void edviz_sigmoid(float *out, const float *in, int64_t count);
// What an activation does: x / (1 + e^-x), x Φ(x), and x or `slope` · x below 0.
enum edviz_activation { EDVIZ_SILU, EDVIZ_GELU, EDVIZ_LEAKY };
void edviz_activate(float *out, const float *in, int64_t count, enum edviz_activation kind, float slope);
// Over each row of `channels`.
void edviz_softmax(float *out, const float *in, int64_t rows, int64_t channels);
// out[n, p, c] = in[n, p, c] · gate[n, c].
void edviz_scale_channels(
    float *out, const float *in, const float *gate, int64_t batch, int64_t positions, int64_t channels);

// out[r, c] = in[r, c] · factors[r].
void edviz_scale_rows(float *out, const float *in, const float *factors, int64_t rows, int64_t columns);

typedef struct {
  int64_t batch, height, width, channels, out_height, out_width;
  int64_t kernel_height, kernel_width, stride_height, stride_width, pad_top, pad_left;
} edviz_window;

// Padding never wins.
void edviz_max_pool(float *out, const float *in, const edviz_window *window);
// Padding counts as zeros in the mean if `count_padding`.
void edviz_average_pool(float *out, const float *in, const edviz_window *window, int count_padding);
// Binomial weights (1 2 1) / 4 along both axes under windows of 3 padded by 1; what lies outside is mirrored at the edge.
void edviz_blur(float *out, const float *in, const edviz_window *window);
// [N, P, C] to [N, C].
void edviz_global_average(float *out, const float *in, int64_t batch, int64_t positions, int64_t channels);
// Largest value of each channel: [N, P, C] to [N, C].
void edviz_global_max(float *out, const float *in, int64_t batch, int64_t positions, int64_t channels);
// Largest value and mean over the channels: [P, C] to [P, 2].
void edviz_channel_max_mean(float *out, const float *in, int64_t positions, int64_t channels);
// [P, C] to [P].
void edviz_channel_sum(float *out, const float *in, int64_t positions, int64_t channels);
// For each channel of each image Σ x, Σ x², Σ |x| and the number of x > 0: [N, P, C] to [N, 4, C].
void edviz_channel_sums(double *out, const float *in, int64_t batch, int64_t positions, int64_t channels);
// Entropy in bits of max(0, ·) over its sum, of each map: [N, P] to [N]; NaN if nothing is above 0.
void edviz_spatial_entropy(float *out, const float *maps, int64_t batch, int64_t positions);
// Half-pixel centres, clamped edges.
void edviz_resize_bilinear(
    float *out, const float *in, int64_t batch, int64_t height, int64_t width, int64_t channels,
    int64_t out_height, int64_t out_width);

// [N, rows, columns] to [N, columns, rows].
void edviz_transpose(float *out, const float *in, int64_t batch, int64_t rows, int64_t columns);
// Copies `count` channels of each position between tensors of `from_channels` and `to_channels`.
void edviz_copy_channels(
    float *to, int64_t to_channels, const float *from, int64_t from_channels, int64_t count,
    int64_t positions);
// Every `stride`-th pixel of each axis; the new channels are zeros, half of them (rounded down) before the old.
void edviz_subsample(
    float *out, const float *in, int64_t batch, int64_t height, int64_t width, int64_t channels,
    int64_t stride, int64_t out_channels);

typedef struct {
  int64_t height, width, channels, group_offset, group_channels;
  int64_t out_width;
  int64_t kernel_height, kernel_width, stride_height, stride_width, dilation_height, dilation_width;
  int64_t pad_top, pad_left;
} edviz_unfolding;

// Rows `first` up to `last` of the matrix whose row is one output position of one image and whose columns are
// (kernel row, kernel column, channel of the group).
void edviz_unfold(
    float *matrix, const float *image, const edviz_unfolding *shape, int64_t first, int64_t last);
// The adjoint: adds the rows back into the image. Rows overlap, so it runs on one thread.
void edviz_fold(
    float *image, const float *matrix, const edviz_unfolding *shape, int64_t first, int64_t last);

// Convolution in groups of `group` channels, 2, 4 or 8, to as many; all channels are a multiple of 16 and at most
// EDVIZ_GROUPED_MOST_CHANNELS, the window has at most EDVIZ_GROUPED_MOST_TAPS. `weights` are [channels / 16][tap][r][lane]:
// the weight from the channel whose number differs by the bits of r. `bias` may be null. With `transposed` from the map
// of out_height × out_width to that of height × width.
void edviz_narrow_convolution(
    float *out, const float *in, const float *weights, const float *bias, const edviz_window *window, int group,
    int transposed, int relu);
// Parts of the batch that a weight gradient is gathered in.
int64_t edviz_batch_parts(const edviz_window *window);
// sums[part][channels / 16][tap][r][lane] of the gradient of each output times the input that r names.
void edviz_narrow_weights(
    float *sums, const float *in, const float *out_gradient, const edviz_window *window, int group, int64_t parts);

// Winograd's convolution for 3×3 windows, padding 1, stride 1 or 2, channels that are multiples of 16. Only for processors
// with AVX-512.
int edviz_has_winograd(void);
// Height and width are those of the large map; the small one of stride 2 has half of them, rounded up. Inputs are what is
// read: with `transposed`, for the data gradient, the channels that the convolution writes.
typedef struct {
  int64_t batch, height, width, in_channels, out_channels;
  int stride, transposed;
} edviz_winograd;
enum { EDVIZ_WINOGRAD_SKEW = 16 };

// Floats of the weights as they are computed with.
int64_t edviz_winograd_weights_size(const edviz_winograd *shape);
// [out, in, 3, 3] to panels[kinds][out / 64][in][64], the last one narrower; with `transposed` from [in, out, 3, 3].
void edviz_winograd_pack(float *packed, const float *weights, const edviz_winograd *shape);
// Floats of scratch memory that a call with this team needs; two calls at once need two pieces.
int64_t edviz_winograd_scratch(const edviz_winograd *shape);
int64_t edviz_winograd_gradient_scratch(const edviz_winograd *shape);
// The convolution, then plus bias, plus addend, and max(0, ·), as far as they are given. NaN passes.
void edviz_winograd_convolve(
    float *out, const float *in, const float *packed, const float *bias, const float *addend, int relu,
    const edviz_winograd *shape, float *scratch);
// The gradient of the weights [out, in, 3, 3], written or added; `shape` is that of the convolution.
void edviz_winograd_weights(
    float *gradient, const float *in, const float *out_gradient, int accumulates, const edviz_winograd *shape,
    float *scratch);

// 1×1 convolution of stride 1: out[rows][outputs] = in[rows][inputs] · weights, then plus bias, plus addend, and max(0, ·), as
// far as they are given; NaN passes. Outputs are a multiple of 16. `packed` are panels[out / 64][in][64], the last one
// narrower. Only for processors with AVX-512, as Winograd's.
void edviz_pointwise(
    float *out, const float *in, const float *packed, const float *bias, const float *addend, int relu, int64_t rows,
    int64_t inputs, int64_t outputs);

// Training.

// Mean and biased variance of each channel over all positions.
void edviz_moments(float *mean, float *variance, const float *in, int64_t positions, int64_t channels);

// Which gradients pass: all, those where `output` is above 0, or those where the first term is, after its scale and
// shift.
enum { EDVIZ_MASK_NONE = 0, EDVIZ_MASK_OUTPUT = 1, EDVIZ_MASK_TERM = 2 };

// What reaches a sum of normalised terms, output = max(0, Σ (scale · x + shift)), on the way back: the sum g of one to
// three contributions, where the mask lets it pass.
typedef struct {
  const float *contributions[3];
  int contribution_count, mask;
  const float *output;            // for EDVIZ_MASK_OUTPUT
  const float *scale, *shift;     // for EDVIZ_MASK_TERM, of values[0]
  const float *values[3], *means[3];
  int terms;                      // 0 to 3; 1 for EDVIZ_MASK_TERM
  int64_t positions, channels;
} edviz_gradient;

// Σ g over positions into sums[0], Σ g · (values[t] − means[t]) into sums[1 + t], each [C]. Writes g to `gathered`
// unless that is null; it may be one of the contributions.
void edviz_gather(float *gathered, float *sums, const edviz_gradient *gradient);
// out = factor · g + slope · in + offset for each channel; where `scale` is not null, g only passes where
// scale · in + shift is above 0. `out` may be `gradient` or `in`.
void edviz_spread(
    float *out, const float *gradient, const float *in, const float *factor, const float *slope,
    const float *offset, const float *scale, const float *shift, int64_t positions, int64_t channels);

// As edviz_max_pool; the place of each winner in its window goes to `places`. At most 256 taps.
void edviz_max_pool_places(float *out, uint8_t *places, const float *in, const edviz_window *window);
// `gradient` has the size of what the pooling wrote, `out` of what it read.
void edviz_max_pool_gradient(
    float *out, const float *gradient, const uint8_t *places, const edviz_window *window);
void edviz_average_pool_gradient(
    float *out, const float *gradient, const edviz_window *window, int count_padding);
void edviz_global_average_gradient(
    float *out, const float *gradient, int64_t batch, int64_t positions, int64_t channels);
// The numbers are those of edviz_subsample.
void edviz_subsample_gradient(
    float *out, const float *gradient, int64_t batch, int64_t height, int64_t width, int64_t channels,
    int64_t stride, int64_t out_channels);
// [rows, columns] to [columns].
void edviz_column_sum(float *out, const float *in, int64_t rows, int64_t columns);

// Gradients of what is above, from its result or input and the gradient of its result.
// `in` is what the activation read.
void edviz_activate_gradient(
    float *out, const float *in, const float *gradient, int64_t count, enum edviz_activation kind, float slope);
void edviz_blur_gradient(float *out, const float *gradient, const edviz_window *window);
void edviz_sigmoid_gradient(float *out, const float *sigmoid, const float *gradient, int64_t count);
void edviz_softmax_gradient(
    float *out, const float *softmax, const float *gradient, int64_t rows, int64_t channels);
// Σ x · y over the positions of each channel of each image: [N, P, C] twice to [N, C].
void edviz_channel_products(
    float *out, const float *x, const float *y, int64_t batch, int64_t positions, int64_t channels);
// Σ x · y over each row: [rows, columns] twice to [rows].
void edviz_row_products(float *out, const float *x, const float *y, int64_t rows, int64_t columns);
// `in` is what was read, `peaks` what was written; the first of equal values takes the gradient of the largest.
void edviz_global_max_gradient(
    float *out, const float *in, const float *peaks, const float *gradient, int64_t batch, int64_t positions,
    int64_t channels);
void edviz_channel_max_mean_gradient(
    float *out, const float *in, const float *peaks, const float *gradient, int64_t positions,
    int64_t channels);
// [P] to [P, C].
void edviz_channel_sum_gradient(float *out, const float *gradient, int64_t positions, int64_t channels);
// The sizes are those of edviz_resize_bilinear.
void edviz_resize_bilinear_gradient(
    float *out, const float *gradient, int64_t batch, int64_t height, int64_t width, int64_t channels,
    int64_t out_height, int64_t out_width);

// Stochastic gradient descent: g = gradient_factor · gradients + decay · values, directions = momentum · directions + g,
// values −= rate · directions; with `nesterov` values −= rate · (g + momentum · directions).
void edviz_descend(
    float *values, float *directions, const float *gradients, int64_t count, float rate, float momentum, float decay,
    float gradient_factor, int nesterov);
// averages = kept · averages + (1 − kept) · values.
void edviz_average_into(float *averages, const float *values, int64_t count, float kept);

enum { EDVIZ_GROUPED_MOST_CHANNELS = 4096, EDVIZ_GROUPED_MOST_TAPS = 49 };

// Convolution in groups of 8 channels to 2 or 4, or of a multiple of 16 to a multiple of 4, with a bias for each output,
// then optionally max(0, ·). Channels are a multiple of 16. `weights` are [block][tap][16 inputs][output][lane]: a block
// is two groups of eight channels, in the halves of the lanes, with all outputs; or four outputs of a larger group.
void edviz_grouped_convolution(
    float *out, const float *in, const float *weights, const float *bias, const edviz_window *window, int in_group,
    int out_group, int relu);
// sums[part] in the order of the weights: the gradient of each output times the inputs. Windows are 3 or 4 wide.
void edviz_grouped_weights(
    float *sums, const float *in, const float *out_gradient, const edviz_window *window, int in_group, int out_group,
    int64_t parts);
// A 1×1 convolution of stride 1 whose result is added up and not kept. `weights` as edviz_pointwise has them, `bias` or null,
// and scratch memory of so many floats.
typedef struct {
  const float *in, *weights, *bias;
  int64_t inputs;
  float *scratch;
} edviz_projection;
int64_t edviz_projection_scratch(const edviz_window *window);

// The transposed convolution from the map of out_height × out_width, of groups of `out_group` channels, to that of height ×
// width, of groups of `in_group`: scale · sum + shift (both null or neither), then a projection or null, then up to two addends
// of the result's shape, of which one may be `out` itself, then optionally max(0, ·). `weights` are [channels / 16][tap][out_group][lane].
void edviz_grouped_transposed(
    float *out, const float *in, const float *weights, const edviz_window *window, int in_group, int out_group,
    const float *scale, const float *shift, const float *const *addends, int addend_count, int relu,
    const edviz_projection *projection);

#ifdef __cplusplus
}
#endif
#endif
