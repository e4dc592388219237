#include "dispatch.h"

static const float grouped_zeros[EDVIZ_GROUPED_MOST_CHANNELS];

void edviz_grouped_convolution(
    float *out, const float *in, const float *weights, const float *bias, const edviz_window *w, int in_group,
    int out_group, int relu) {
  const struct grouped_arguments a = {out, in, weights, bias, grouped_zeros, w, 1, in_group, out_group, relu, 0, 0, {0}};
  RUN(grouped, w->batch * w->out_height,
      w->out_width * w->channels * w->kernel_height * w->kernel_width * out_group / 16, a);
}

int64_t edviz_batch_parts(const edviz_window *w) {
  const int64_t threads = edviz_threads();
  return w->batch < threads ? w->batch : threads;
}

void edviz_grouped_weights(
    float *sums, const float *in, const float *out_gradient, const edviz_window *w, int in_group, int out_group,
    int64_t parts) {
  const struct grouped_arguments a = {sums, in, out_gradient, 0, grouped_zeros, w, parts, in_group, out_group, 0, 0, 0, {0}};
  edviz_parallel(parts, 1, (edviz_body)edviz_chosen->grouped_weights, &a);
}

// Lines of a projection that stay in a core's own cache beside its weights and what the decoder reads.
enum { TAIL_FLOATS = 131072 };

static int64_t tail_lines(const edviz_window *w) {
  const int64_t lines = TAIL_FLOATS / (w->width * w->channels);
  return lines < 1 ? 1 : lines;
}

int64_t edviz_projection_scratch(const edviz_window *w) {
  return edviz_threads() * tail_lines(w) * w->width * w->channels;
}

void edviz_grouped_transposed(
    float *out, const float *in, const float *weights, const edviz_window *w, int in_group, int out_group,
    const float *scale, const float *shift, const float *const *addends, int addend_count, int relu,
    const edviz_projection *projection) {
  struct grouped_arguments a = {out, in, weights, shift, grouped_zeros, w, 1, in_group, out_group, relu, addend_count,
                                scale, {0}, 0, 0};
  for (int i = 0; i < addend_count; ++i) a.addends[i] = addends[i];
  if (projection) {
    const edviz_projection *p = projection;
    const struct block_tail_arguments tail = {
        a, {0, p->in, p->weights, p->bias, 0, p->inputs, w->channels, 0}, p->scratch, edviz_threads(), tail_lines(w)};
    edviz_parallel(tail.parts, 1, (edviz_body)edviz_chosen->block_tail, &tail);
    return;
  }
  // Few lines are shared out by channels, so that no thread has many more of them. (Else lines, because threads that write
  // to the same pixels wait for each other.)
  const int64_t lines = w->batch * w->height, threads = edviz_threads();
  a.parts = lines < 4 * threads && w->channels >= 64 * threads ? threads : 1;
  RUN(grouped_transposed, a.parts * lines, w->width * w->channels / a.parts * out_group / 4, a);
}

static const float narrow_zeros[EDVIZ_GROUPED_MOST_CHANNELS];

void edviz_narrow_convolution(
    float *out, const float *in, const float *weights, const float *bias, const edviz_window *w, int group,
    int transposed, int relu) {
  const struct narrow_arguments a = {out, in, weights, bias, narrow_zeros, w, 1, group, transposed, relu};
  const int64_t work = w->out_width * w->channels * w->kernel_height * w->kernel_width * group / 16;
  RUN(narrow, w->batch * (transposed ? w->height : w->out_height), work, a);
}


void edviz_narrow_weights(
    float *sums, const float *in, const float *out_gradient, const edviz_window *w, int group, int64_t parts) {
  const struct narrow_arguments a = {sums, in, out_gradient, 0, narrow_zeros, w, parts, group, 0, 0};
  edviz_parallel(parts, 1, (edviz_body)edviz_chosen->narrow_weights, &a);
}

int edviz_has_winograd(void) { return edviz_chosen->winograd != 0; }

// Floats of a strip's points and products that stay in a core's second-level cache, beside the weights if those fit too,
// and in the cache that all cores share.
enum { CORE_FLOATS = 131072, SHARED_FLOATS = 2097152 };

// Outputs that the cores' own caches would not keep go past them: a line that is written through a cache is fetched first,
// and tiles are too short for the processor to fetch ahead.
enum { STREAMED_FLOATS = 1 << 19 };

static int64_t winograd_units(const edviz_winograd *s) { return s->stride == 1 ? 36 : 25; }
static int64_t winograd_kinds(const edviz_winograd *s) { return s->stride == 1 ? 36 : 16; }

static struct winograd_arguments winograd_plan(const edviz_winograd *s) {
  struct winograd_arguments a = {0};
  a.scheme = s->stride == 1 ? PLAIN : s->transposed ? SPREAD : STRIDED;
  a.height = s->height, a.width = s->width, a.in_channels = s->in_channels, a.out_channels = s->out_channels;
  a.tile_rows = (s->height + 3) / 4, a.tile_columns = (s->width + 3) / 4;
  a.tiles = s->batch * a.tile_rows * a.tile_columns;
  const int64_t threads = edviz_threads(), weights = winograd_kinds(s) * s->in_channels * s->out_channels;
  a.shared = weights > 2 * CORE_FLOATS;
  a.parts = a.shared || a.tiles < 2 * threads ? 1 : threads;
  const int64_t tile = winograd_units(s) * (s->in_channels + s->out_channels);
  if (a.shared) {
    // Strips of like length.
    const int64_t strips = (a.tiles * tile + SHARED_FLOATS - 1) / SHARED_FLOATS;
    a.strip = (a.tiles + strips - 1) / strips;
  } else {
    const int64_t fitting = CORE_FLOATS / tile / 12 * 12;
    a.strip = fitting < 12 ? 12 : fitting > 48 ? 48 : fitting;
  }
  a.scratch_stride = a.strip * tile + 2 * winograd_kinds(s) * EDVIZ_WINOGRAD_SKEW;
  return a;
}

int64_t edviz_winograd_weights_size(const edviz_winograd *s) {
  return winograd_kinds(s) * s->in_channels * s->out_channels;
}

void edviz_winograd_pack(float *packed, const float *weights, const edviz_winograd *s) {
  const struct winograd_pack_arguments a = {packed, weights, 0, s->in_channels, s->out_channels, 1, s->transposed,
                                            s->stride == 2, 0};
  RUN(winograd_pack, a.inputs, a.outputs * winograd_kinds(s), a);
}

int64_t edviz_winograd_scratch(const edviz_winograd *s) {
  const struct winograd_arguments a = winograd_plan(s);
  return a.parts * a.scratch_stride;
}

int64_t edviz_winograd_gradient_scratch(const edviz_winograd *s) {
  const struct winograd_arguments a = winograd_plan(s);
  return a.parts * (a.scratch_stride + edviz_winograd_weights_size(s));
}

void edviz_winograd_convolve(
    float *out, const float *in, const float *weights, const float *bias, const float *addend, int relu,
    const edviz_winograd *s, float *scratch) {
  struct winograd_arguments a = winograd_plan(s);
  a.out = out, a.scratch = scratch, a.in = in, a.weights = weights, a.bias = bias, a.addend = addend, a.relu = relu;
  const int64_t floats = a.tiles * (a.scheme == STRIDED ? 4 : 16) * a.out_channels;
  a.streams = floats >= STREAMED_FLOATS && (uintptr_t)out % 64 == 0;
  if (!a.shared) {
    edviz_parallel(a.parts, 1, (edviz_body)edviz_chosen->winograd, &a);
    return;
  }
  for (; a.first < a.tiles; a.first += a.strip) {
    a.count = a.tiles - a.first < a.strip ? a.tiles - a.first : a.strip;
    edviz_parallel(a.count, 1, (edviz_body)edviz_chosen->winograd_pixels, &a);
    edviz_parallel(winograd_units(s), 1, (edviz_body)edviz_chosen->winograd_products, &a);
    edviz_parallel(a.count, 1, (edviz_body)edviz_chosen->winograd_outputs, &a);
  }
}

void edviz_winograd_weights(
    float *gradient, const float *in, const float *out_gradient, int accumulates, const edviz_winograd *s,
    float *scratch) {
  struct winograd_arguments a = winograd_plan(s);
  a.in = in, a.addend = out_gradient, a.scratch = scratch, a.out = scratch + a.parts * a.scratch_stride;
  if (!a.shared) {
    edviz_parallel(a.parts, 1, (edviz_body)edviz_chosen->winograd_weights, &a);
  }
  for (; a.shared && a.first < a.tiles; a.first += a.strip) {
    a.count = a.tiles - a.first < a.strip ? a.tiles - a.first : a.strip;
    edviz_parallel(a.count, 1, (edviz_body)edviz_chosen->winograd_pixels, &a);
    edviz_parallel(a.count, 1, (edviz_body)edviz_chosen->winograd_gradients, &a);
    edviz_parallel(winograd_units(s), 1, (edviz_body)edviz_chosen->winograd_correlations, &a);
  }
  const struct winograd_pack_arguments sums = {a.out, 0, gradient, a.in_channels, a.out_channels, a.parts, 0,
                                               s->stride == 2, accumulates};
  RUN(winograd_unpack, a.in_channels, a.out_channels * winograd_kinds(s), sums);
}

void edviz_pointwise(
    float *out, const float *in, const float *packed, const float *bias, const float *addend, int relu, int64_t rows,
    int64_t inputs, int64_t outputs) {
  const struct pointwise_arguments a = {out, in, packed, bias, addend, inputs, outputs, relu};
  RUN(pointwise, rows, inputs * outputs / 16, a);
}
