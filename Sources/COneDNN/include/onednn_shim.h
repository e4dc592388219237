#ifndef EDVIZ_ONEDNN_SHIM_H
#define EDVIZ_ONEDNN_SHIM_H

// The only door to oneDNN. Everything is float32; activations are NHWC, weights PyTorch's
// [out, in/groups, kH, kW]. Every call returns 0, or non-zero after writing a sentence into `error`.

#include <stddef.h>
#include <stdint.h>

#ifdef __cplusplus
extern "C" {
#endif

enum { EDVIZ_ERROR_SIZE = 256 };

typedef enum {
  EDVIZ_CONVOLUTION_FORWARD = 0,
  // The data gradient: reads the convolution's output side, writes its input side. With the roles of the
  // channels swapped this is a transposed convolution.
  EDVIZ_CONVOLUTION_BACKWARD_DATA = 1,
  // The weight gradient: reads both sides, writes weights in the primitive's layout.
  EDVIZ_CONVOLUTION_BACKWARD_WEIGHTS = 2,
} edviz_convolution_kind;

// The convolution as seen forward: from [n, height, width, in] to [n, out_height, out_width, out].
typedef struct {
  int64_t batch, in_channels, out_channels, groups;
  int64_t height, width, out_height, out_width;
  int64_t kernel_height, kernel_width;
  int64_t stride_height, stride_width;
  int64_t dilation_height, dilation_width;  // 1 is an ordinary convolution, as in PyTorch
  int64_t pad_top, pad_left, pad_bottom, pad_right;
} edviz_convolution_shape;

typedef struct {
  int bias;    // add one value per output channel
  int addend;  // then add a tensor of the output's shape
  int relu;    // then clamp below at 0
} edviz_convolution_epilogue;

typedef struct edviz_convolution edviz_convolution;

// Makes a primitive. The epilogue is for the forward kind only.
int edviz_convolution_create(
    edviz_convolution_kind kind, const edviz_convolution_shape *shape,
    const edviz_convolution_epilogue *epilogue, edviz_convolution **result, char *error);
void edviz_convolution_destroy(edviz_convolution *convolution);

// The layout this primitive wants its weights in: an opaque value, equal for equal layouts.
uint64_t edviz_convolution_weights_layout(const edviz_convolution *convolution);
size_t edviz_convolution_weights_bytes(const edviz_convolution *convolution);
// Scratch memory that a call needs, at 64 bytes' alignment; two calls at once need two pieces.
size_t edviz_convolution_scratchpad_bytes(const edviz_convolution *convolution);

// Whether oneDNN computes it by unfolding and matrix products instead of a kernel for convolutions.
int edviz_convolution_is_matrix_product(const edviz_convolution *convolution);

int edviz_convolution_pack(
    const edviz_convolution *convolution, const float *weights, float *packed, char *error);

// `bias` and `addend` are read only if the epilogue asked for them.
int edviz_convolution_execute(
    const edviz_convolution *convolution, const float *source, const float *packed, const float *bias,
    const float *addend, float *destination, void *scratchpad, char *error);

// For the weight gradient kind: `packed` is written in the primitive's layout, from what the convolution read
// and the gradient of what it wrote.
int edviz_convolution_weight_gradient(
    const edviz_convolution *convolution, const float *source, const float *gradient, float *packed,
    void *scratchpad, char *error);
// From the primitive's layout to PyTorch's, written or added.
int edviz_convolution_unpack(
    const edviz_convolution *convolution, const float *packed, float *plain, int accumulate, char *error);

// "2.6.3"
const char *edviz_onednn_version(void);

#ifdef __cplusplus
}
#endif
#endif
