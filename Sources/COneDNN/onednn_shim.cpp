#include "onednn_shim.h"

#include <atomic>
#include <cstdio>
#include <cstring>
#include <exception>
#include <memory>
#include <string>
#include <unordered_map>

#include <oneapi/dnnl/dnnl.hpp>

using namespace dnnl;

namespace {

engine &cpu() {
  static engine instance(engine::kind::cpu, 0);
  return instance;
}

stream &queue() {
  static thread_local stream instance(cpu());
  return instance;
}

/// C++ exceptions end here, as sentences.
template <typename Body>
int guarded(char *message, Body body) {
  try {
    body();
    return 0;
  } catch (const std::exception &failure) {
    std::snprintf(message, EDVIZ_ERROR_SIZE, "oneDNN: %s", failure.what());
  } catch (...) {
    std::snprintf(message, EDVIZ_ERROR_SIZE, "oneDNN: unknown failure");
  }
  return 1;
}

memory::desc activations(int64_t n, int64_t c, int64_t h, int64_t w) {
  return memory::desc({n, c, h, w}, memory::data_type::f32, memory::format_tag::nhwc);
}

memory::desc weights(const edviz_convolution_shape &s, bool plain) {
  using tag = memory::format_tag;
  const auto type = memory::data_type::f32;
  if (s.groups == 1) {
    return memory::desc({s.out_channels, s.in_channels, s.kernel_height, s.kernel_width}, type,
                        plain ? tag::oihw : tag::any);
  }
  return memory::desc({s.groups, s.out_channels / s.groups, s.in_channels / s.groups, s.kernel_height,
                       s.kernel_width},
                      type, plain ? tag::goihw : tag::any);
}

void mix(uint64_t &hash, const void *data, size_t count) {
  const auto *bytes = static_cast<const uint8_t *>(data);
  for (size_t i = 0; i < count; ++i) hash = (hash ^ bytes[i]) * 0x100000001b3u;
}

uint64_t fingerprint(const memory::desc &desc) {
  uint64_t hash = 0xcbf29ce484222325u;
#if DNNL_VERSION_MAJOR >= 3
  if (desc.get_format_kind() != memory::format_kind::blocked) {
    // A layout that does not show itself is equal to no other.
    static std::atomic<uint64_t> opaque{0};
    return ++opaque;
  }
  for (const auto &numbers : {desc.get_dims(), desc.get_padded_dims(), desc.get_strides(), desc.get_inner_blks(),
                              desc.get_inner_idxs()}) {
    mix(hash, numbers.data(), numbers.size() * sizeof(numbers[0]));
  }
#else
  mix(hash, &desc.data, sizeof(desc.data));
#endif
  return hash;
}

}  // namespace

struct edviz_convolution {
  edviz_convolution_kind kind;
  primitive operation;
  memory::desc source, destination, packed, plain, bias, scratchpad;
  bool has_bias = false, has_addend = false, is_matrix_product = false;
  uint64_t layout = 0;
};

namespace {

/// The library's own scratch memory is shared by threads, which then overwrite each other's; the caller gives a
/// piece for each call instead.
primitive_attr with_callers_scratchpad() {
  primitive_attr attributes;
  attributes.set_scratchpad_mode(scratchpad_mode::user);
  return attributes;
}

convolution_forward::primitive_desc forward_descriptor(
    const edviz_convolution_shape &s, const edviz_convolution_epilogue &epilogue,
    prop_kind purpose = prop_kind::forward_inference) {
  const auto source = activations(s.batch, s.in_channels, s.height, s.width);
  const auto destination = activations(s.batch, s.out_channels, s.out_height, s.out_width);
  const auto bias = epilogue.bias
      ? memory::desc({s.out_channels}, memory::data_type::f32, memory::format_tag::x)
      : memory::desc();
  const memory::dims strides{s.stride_height, s.stride_width};
  const memory::dims dilations{s.dilation_height - 1, s.dilation_width - 1};
  const memory::dims before{s.pad_top, s.pad_left}, after{s.pad_bottom, s.pad_right};

  post_ops after_convolution;
  if (epilogue.addend) after_convolution.append_binary(algorithm::binary_add, destination);
#if DNNL_VERSION_MAJOR >= 3
  if (epilogue.relu) after_convolution.append_eltwise(algorithm::eltwise_relu, 0.f, 0.f);
#else
  if (epilogue.relu) after_convolution.append_eltwise(1.f, algorithm::eltwise_relu, 0.f, 0.f);
#endif
  auto attributes = with_callers_scratchpad();
  attributes.set_post_ops(after_convolution);

#if DNNL_VERSION_MAJOR >= 3
  return convolution_forward::primitive_desc(
      cpu(), purpose, algorithm::convolution_direct, source, weights(s, false), bias, destination, strides,
      dilations, before, after, attributes);
#else
  const convolution_forward::desc operation(
      purpose, algorithm::convolution_direct, source, weights(s, false), bias, destination, strides, dilations,
      before, after);
  return convolution_forward::primitive_desc(operation, attributes, cpu());
#endif
}

convolution_backward_data::primitive_desc backward_data_descriptor(const edviz_convolution_shape &s) {
  const auto near = activations(s.batch, s.in_channels, s.height, s.width);
  const auto far = activations(s.batch, s.out_channels, s.out_height, s.out_width);
  const memory::dims strides{s.stride_height, s.stride_width};
  const memory::dims dilations{s.dilation_height - 1, s.dilation_width - 1};
  const memory::dims before{s.pad_top, s.pad_left}, after{s.pad_bottom, s.pad_right};
  const auto hint = forward_descriptor(s, edviz_convolution_epilogue{0, 0, 0}, prop_kind::forward_training);
#if DNNL_VERSION_MAJOR >= 3
  return convolution_backward_data::primitive_desc(
      cpu(), algorithm::convolution_direct, near, weights(s, false), far, strides, dilations, before, after,
      hint, with_callers_scratchpad());
#else
  const convolution_backward_data::desc operation(
      algorithm::convolution_direct, near, weights(s, false), far, strides, dilations, before, after);
  return convolution_backward_data::primitive_desc(operation, with_callers_scratchpad(), cpu(), hint);
#endif
}

convolution_backward_weights::primitive_desc backward_weights_descriptor(const edviz_convolution_shape &s) {
  const auto near = activations(s.batch, s.in_channels, s.height, s.width);
  const auto far = activations(s.batch, s.out_channels, s.out_height, s.out_width);
  const memory::dims strides{s.stride_height, s.stride_width};
  const memory::dims dilations{s.dilation_height - 1, s.dilation_width - 1};
  const memory::dims before{s.pad_top, s.pad_left}, after{s.pad_bottom, s.pad_right};
  const auto hint = forward_descriptor(s, edviz_convolution_epilogue{0, 0, 0}, prop_kind::forward_training);
#if DNNL_VERSION_MAJOR >= 3
  return convolution_backward_weights::primitive_desc(
      cpu(), algorithm::convolution_direct, near, weights(s, false), far, strides, dilations, before, after,
      hint, with_callers_scratchpad());
#else
  const convolution_backward_weights::desc operation(
      algorithm::convolution_direct, near, weights(s, false), far, strides, dilations, before, after);
  return convolution_backward_weights::primitive_desc(operation, with_callers_scratchpad(), cpu(), hint);
#endif
}

}  // namespace

int edviz_convolution_create(
    edviz_convolution_kind kind, const edviz_convolution_shape *shape,
    const edviz_convolution_epilogue *epilogue, edviz_convolution **result, char *error) {
  return guarded(error, [&] {
    auto made = std::make_unique<edviz_convolution>();
    made->kind = kind;
    made->plain = weights(*shape, true);
    if (kind == EDVIZ_CONVOLUTION_FORWARD) {
      const auto descriptor = forward_descriptor(*shape, *epilogue);
      made->operation = convolution_forward(descriptor);
      made->source = descriptor.src_desc();
      made->destination = descriptor.dst_desc();
      made->packed = descriptor.weights_desc();
      made->scratchpad = descriptor.scratchpad_desc();
      made->is_matrix_product = std::strstr(descriptor.impl_info_str(), "gemm") != nullptr;
      made->has_bias = epilogue->bias != 0;
      made->has_addend = epilogue->addend != 0;
      if (made->has_bias) made->bias = descriptor.bias_desc();
    } else if (kind == EDVIZ_CONVOLUTION_BACKWARD_WEIGHTS) {
      const auto descriptor = backward_weights_descriptor(*shape);
      made->operation = convolution_backward_weights(descriptor);
      made->source = descriptor.src_desc();
      made->destination = descriptor.diff_dst_desc();
      made->packed = descriptor.diff_weights_desc();
      made->scratchpad = descriptor.scratchpad_desc();
    } else {
      const auto descriptor = backward_data_descriptor(*shape);
      made->operation = convolution_backward_data(descriptor);
      made->source = descriptor.diff_dst_desc();
      made->destination = descriptor.diff_src_desc();
      made->packed = descriptor.weights_desc();
      made->scratchpad = descriptor.scratchpad_desc();
    }
    made->layout = fingerprint(made->packed);
    *result = made.release();
  });
}

void edviz_convolution_destroy(edviz_convolution *convolution) { delete convolution; }

uint64_t edviz_convolution_weights_layout(const edviz_convolution *convolution) {
  return convolution->layout;
}

size_t edviz_convolution_weights_bytes(const edviz_convolution *convolution) {
  return convolution->packed.get_size();
}

size_t edviz_convolution_scratchpad_bytes(const edviz_convolution *convolution) {
  return convolution->scratchpad.get_size();
}

int edviz_convolution_is_matrix_product(const edviz_convolution *convolution) {
  return convolution->is_matrix_product ? 1 : 0;
}

int edviz_convolution_pack(
    const edviz_convolution *convolution, const float *plain, float *packed, char *error) {
  return guarded(error, [&] {
    memory from(convolution->plain, cpu(), const_cast<float *>(plain));
    memory to(convolution->packed, cpu(), packed);
    reorder(from, to).execute(queue(), from, to);
    queue().wait();
  });
}

int edviz_convolution_execute(
    const edviz_convolution *convolution, const float *source, const float *packed, const float *bias,
    const float *addend, float *destination, void *scratchpad, char *error) {
  return guarded(error, [&] {
    const auto &c = *convolution;
    const bool forward = c.kind == EDVIZ_CONVOLUTION_FORWARD;
    std::unordered_map<int, memory> arguments{
        {forward ? DNNL_ARG_SRC : DNNL_ARG_DIFF_DST, memory(c.source, cpu(), const_cast<float *>(source))},
        {DNNL_ARG_WEIGHTS, memory(c.packed, cpu(), const_cast<float *>(packed))},
        {forward ? DNNL_ARG_DST : DNNL_ARG_DIFF_SRC, memory(c.destination, cpu(), destination)},
        {DNNL_ARG_SCRATCHPAD, memory(c.scratchpad, cpu(), scratchpad)}};
    if (c.has_bias) {
      arguments.emplace(DNNL_ARG_BIAS, memory(c.bias, cpu(), const_cast<float *>(bias)));
    }
    if (c.has_addend) {
      arguments.emplace(DNNL_ARG_ATTR_MULTIPLE_POST_OP(0) | DNNL_ARG_SRC_1,
                        memory(c.destination, cpu(), const_cast<float *>(addend)));
    }
    c.operation.execute(queue(), arguments);
    queue().wait();
  });
}

int edviz_convolution_weight_gradient(
    const edviz_convolution *convolution, const float *source, const float *gradient, float *packed,
    void *scratchpad, char *error) {
  return guarded(error, [&] {
    const auto &c = *convolution;
    c.operation.execute(
        queue(), {{DNNL_ARG_SRC, memory(c.source, cpu(), const_cast<float *>(source))},
                  {DNNL_ARG_DIFF_DST, memory(c.destination, cpu(), const_cast<float *>(gradient))},
                  {DNNL_ARG_DIFF_WEIGHTS, memory(c.packed, cpu(), packed)},
                  {DNNL_ARG_SCRATCHPAD, memory(c.scratchpad, cpu(), scratchpad)}});
    queue().wait();
  });
}

int edviz_convolution_unpack(
    const edviz_convolution *convolution, const float *packed, float *plain, int accumulate, char *error) {
  return guarded(error, [&] {
    memory from(convolution->packed, cpu(), const_cast<float *>(packed));
    memory to(convolution->plain, cpu(), plain);
    primitive_attr attributes;
    if (accumulate) {
      post_ops sum;
      sum.append_sum(1.f);
      attributes.set_post_ops(sum);
    }
    reorder(from, to, attributes).execute(queue(), from, to);
    queue().wait();
  });
}

const char *edviz_onednn_version(void) {
  static const std::string text = [] {
    const auto *v = dnnl_version();
    return std::to_string(v->major) + "." + std::to_string(v->minor) + "." + std::to_string(v->patch);
  }();
  return text.c_str();
}
