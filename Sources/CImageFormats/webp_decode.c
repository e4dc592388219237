#include <stdlib.h>
#include <string.h>

#include <webp/decode.h>
#include <webp/demux.h>

#include "pixels.h"

static int refuse(VP8StatusCode code, edviz_message *message) {
  switch (code) {
    case VP8_STATUS_OUT_OF_MEMORY: return refused(message, EDVIZ_IMAGE_NO_MEMORY, "not enough memory");
    case VP8_STATUS_UNSUPPORTED_FEATURE:
      return refused(message, EDVIZ_IMAGE_UNSUPPORTED, "a feature that libwebp does not know");
    case VP8_STATUS_NOT_ENOUGH_DATA: return refused(message, EDVIZ_IMAGE_DAMAGED, "the file ends early");
    default: return refused(message, EDVIZ_IMAGE_DAMAGED, "its data breaks the format's rules");
  }
}

int edviz_webp_size(const uint8_t *bytes, size_t count, edviz_size *size, edviz_message *message) {
  message->text[0] = 0;
  *size = (edviz_size){0, 0};
  WebPBitstreamFeatures features;
  VP8StatusCode code = WebPGetFeatures(bytes, count, &features);
  if (code != VP8_STATUS_OK) return refuse(code, message);
  if (features.width <= 0 || features.height <= 0) {
    return refused(message, EDVIZ_IMAGE_DAMAGED, "the header gives a side of no pixels");
  }
  *size = (edviz_size){(uint32_t)features.width, (uint32_t)features.height};
  return EDVIZ_IMAGE_OK;
}

// One still picture into rows of `stride` bytes, with 4 channels or, of one without alpha, with 3.
static int decode_still(const uint8_t *bytes, size_t count, int channels, uint8_t *target, size_t stride,
                        size_t room, edviz_message *message) {
  WebPDecoderConfig config;
  if (!WebPInitDecoderConfig(&config)) {
    return refused(message, EDVIZ_IMAGE_UNSUPPORTED, "libwebp is of another version than its headers");
  }
  if (stride > INT32_MAX) return refused(message, EDVIZ_IMAGE_TOO_LARGE, "too wide for libwebp");
  config.output.colorspace = channels == 4 ? MODE_RGBA : MODE_RGB;
  config.output.is_external_memory = 1;
  config.output.u.RGBA.rgba = target;
  config.output.u.RGBA.stride = (int)stride;
  config.output.u.RGBA.size = room;
  VP8StatusCode code = WebPDecode(bytes, count, &config);
  WebPFreeDecBuffer(&config.output);
  return code == VP8_STATUS_OK ? EDVIZ_IMAGE_OK : refuse(code, message);
}

// The first frame of an animation on a transparent canvas.
static int decode_frame(const uint8_t *bytes, size_t count, edviz_size size, uint8_t *rgba,
                        edviz_message *message) {
  WebPData data = {bytes, count};
  WebPDemuxer *demuxer = WebPDemux(&data);
  if (!demuxer) return refused(message, EDVIZ_IMAGE_DAMAGED, "the frames of its animation are damaged");
  int status = EDVIZ_IMAGE_OK;
  WebPIterator frame;
  memset(&frame, 0, sizeof frame);
  if (!WebPDemuxGetFrame(demuxer, 1, &frame)) {
    status = refused(message, EDVIZ_IMAGE_DAMAGED, "its animation has no frame");
  } else if (frame.x_offset < 0 || frame.y_offset < 0 || frame.width <= 0 || frame.height <= 0 ||
             (uint64_t)frame.x_offset + (uint64_t)frame.width > size.width ||
             (uint64_t)frame.y_offset + (uint64_t)frame.height > size.height) {
    status = refused(message, EDVIZ_IMAGE_DAMAGED, "its first frame lies outside of the canvas");
  } else {
    size_t stride = (size_t)size.width * 4;
    size_t start = (size_t)frame.y_offset * stride + (size_t)frame.x_offset * 4;
    status = decode_still(frame.fragment.bytes, frame.fragment.size, 4, rgba + start, stride,
                          stride * size.height - start, message);
  }
  WebPDemuxReleaseIterator(&frame);
  WebPDemuxDelete(demuxer);
  return status;
}

int edviz_webp_decode(const uint8_t *bytes, size_t count, int channels, uint8_t *target, size_t target_count,
                      edviz_message *message) {
  edviz_size size;
  int status = edviz_webp_size(bytes, count, &size, message);
  if (status != EDVIZ_IMAGE_OK) return status;
  size_t pixels = (size_t)size.width * size.height;
  if (pixels * (size_t)channels != target_count) {
    return refused(message, EDVIZ_IMAGE_DAMAGED, "the size changed while reading");
  }
  WebPBitstreamFeatures features;
  WebPGetFeatures(bytes, count, &features);
  if (channels == 3 && !features.has_alpha && !features.has_animation) {
    return decode_still(bytes, count, 3, target, (size_t)size.width * 3, target_count, message);
  }
  uint8_t *rgba = channels == 4 ? target : calloc(pixels, 4);
  if (!rgba) return refused(message, EDVIZ_IMAGE_NO_MEMORY, "not enough memory");
  if (features.has_animation) {
    if (channels == 4) memset(rgba, 0, target_count);
    status = decode_frame(bytes, count, size, rgba, message);
  } else {
    status = decode_still(bytes, count, 4, rgba, (size_t)size.width * 4, pixels * 4, message);
  }
  if (channels == 3) {
    if (status == EDVIZ_IMAGE_OK) over_white(rgba, target, pixels);
    free(rgba);
  }
  return status;
}
