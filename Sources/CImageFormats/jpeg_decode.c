#include <setjmp.h>
#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <jerror.h>
#include <jpeglib.h>

#include "pixels.h"

// Everything lives here and is reached through a pointer, so that nothing is indeterminate after a jump: the
// function that calls setjmp keeps no variables of its own that change.
typedef struct {
  struct jpeg_decompress_struct codec;
  struct jpeg_error_mgr errors;
  struct jpeg_progress_mgr progress;
  jmp_buf escape;
  int status;
  int max_scans;
  edviz_message *message;
  uint8_t *cmyk_row;
} jpeg_reader;

static _Noreturn void refuse(jpeg_reader *reader, int status, const char *reason) {
  snprintf(reader->message->text, sizeof reader->message->text, "%s", reason);
  reader->status = status;
  longjmp(reader->escape, 1);
}

static void on_error(j_common_ptr codec) {
  jpeg_reader *reader = codec->client_data;
  struct jpeg_error_mgr *errors = codec->err;
  switch (errors->msg_code) {
    case JERR_SOF_UNSUPPORTED: {
      int frame = errors->msg_parm.i[0];
      bool lossless = frame == 0xC3 || frame == 0xC7 || frame == 0xCB || frame == 0xCF;
      refuse(reader, EDVIZ_IMAGE_UNSUPPORTED, lossless ? "lossless JPEG" : "hierarchical JPEG");
    }
    case JERR_BAD_PRECISION: {
      char reason[32];
      snprintf(reason, sizeof reason, "%d bits a sample", errors->msg_parm.i[0]);
      refuse(reader, EDVIZ_IMAGE_UNSUPPORTED, reason);
    }
    case JERR_ARITH_NOTIMPL: refuse(reader, EDVIZ_IMAGE_UNSUPPORTED, "arithmetic coding");
    case JERR_OUT_OF_MEMORY: refuse(reader, EDVIZ_IMAGE_NO_MEMORY, "not enough memory");
    case JERR_IMAGE_TOO_BIG: refuse(reader, EDVIZ_IMAGE_TOO_LARGE, "too large for libjpeg");
    default: break;
  }
  char text[JMSG_LENGTH_MAX];
  errors->format_message(codec, text);
  refuse(reader, EDVIZ_IMAGE_DAMAGED, text);
}

// Only warnings (negative levels) count; the first one is kept, the rest usually follow from it.
static void on_message(j_common_ptr codec, int level) {
  jpeg_reader *reader = codec->client_data;
  if (level >= 0) return;
  if (codec->err->num_warnings++ > 0) return;
  char text[JMSG_LENGTH_MAX];
  codec->err->format_message(codec, text);
  snprintf(reader->message->text, sizeof reader->message->text, "%s", text);
}

static void print_nothing(j_common_ptr codec) { (void)codec; }

// Each scan of a progressive file visits the whole picture, so a small file can ask for hours of work.
static void on_progress(j_common_ptr codec) {
  jpeg_reader *reader = codec->client_data;
  if (reader->codec.input_scan_number > reader->max_scans) {
    refuse(reader, EDVIZ_IMAGE_UNSUPPORTED, "too many progressive scans");
  }
}

// Reads up to the first scan and decides about colours and size.
static void begin(jpeg_reader *reader, const uint8_t *bytes, size_t count, int reduction) {
  j_decompress_ptr codec = &reader->codec;
  jpeg_create_decompress(codec);
  codec->client_data = reader;
  codec->progress = &reader->progress;
  jpeg_mem_src(codec, (uint8_t *)bytes, count);
  jpeg_read_header(codec, TRUE);
  // Newer libraries read other precisions, but through other functions than these.
  if (codec->data_precision != 8) {
    char reason[32];
    snprintf(reason, sizeof reason, "%d bits a sample", codec->data_precision);
    refuse(reader, EDVIZ_IMAGE_UNSUPPORTED, reason);
  }
  switch (codec->jpeg_color_space) {
    case JCS_GRAYSCALE:
    case JCS_RGB:
    case JCS_YCbCr: codec->out_color_space = JCS_RGB; break;
    case JCS_CMYK:
    case JCS_YCCK: codec->out_color_space = JCS_CMYK; break;
    default: {
      char reason[32];
      snprintf(reason, sizeof reason, "%d colour components", codec->num_components);
      refuse(reader, EDVIZ_IMAGE_UNSUPPORTED, reason);
    }
  }
  codec->scale_num = 1;
  codec->scale_denom = (unsigned)reduction;
  jpeg_calc_output_dimensions(codec);
}

// Pillow's convert("RGB") of inverted CMYK: (1 − C)(1 − K), with its rounding.
static void rgb_from_inverted_cmyk(const uint8_t *cmyk, uint8_t *rgb, size_t width) {
  for (size_t x = 0; x < width; x++, cmyk += 4, rgb += 3) {
    uint8_t light = cmyk[3];
    for (int c = 0; c < 3; c++) rgb[c] = light - product(255 - cmyk[c], light);
  }
}

static void decode_rows(jpeg_reader *reader, uint8_t *rgb, size_t rgb_count) {
  j_decompress_ptr codec = &reader->codec;
  size_t width = codec->output_width;
  if (width * codec->output_height * 3 != rgb_count) {
    refuse(reader, EDVIZ_IMAGE_DAMAGED, "the size changed while reading");
  }
  bool cmyk = codec->out_color_space == JCS_CMYK;
  if (cmyk && !(reader->cmyk_row = malloc(width * 4))) {
    refuse(reader, EDVIZ_IMAGE_NO_MEMORY, "not enough memory");
  }
  jpeg_start_decompress(codec);
  while (codec->output_scanline < codec->output_height) {
    uint8_t *target = rgb + (size_t)codec->output_scanline * width * 3;
    JSAMPROW row = cmyk ? reader->cmyk_row : target;
    if (jpeg_read_scanlines(codec, &row, 1) != 1) {
      refuse(reader, EDVIZ_IMAGE_DAMAGED, "a row could not be read");
    }
    if (cmyk) rgb_from_inverted_cmyk(row, target, width);
  }
  // The picture is complete: what follows its last row is not read, so there is no jpeg_finish_decompress.
}

static void prepare(jpeg_reader *reader, int max_scans, edviz_message *message) {
  memset(reader, 0, sizeof *reader);
  message->text[0] = 0;
  reader->message = message;
  reader->max_scans = max_scans;
  reader->progress.progress_monitor = on_progress;
  reader->codec.err = jpeg_std_error(&reader->errors);
  reader->codec.client_data = reader;
  reader->errors.error_exit = on_error;
  reader->errors.emit_message = on_message;
  reader->errors.output_message = print_nothing;
}

static void run(jpeg_reader *reader, const uint8_t *bytes, size_t count, int reduction, uint8_t *rgb,
                size_t rgb_count) {
  if (setjmp(reader->escape)) return;
  begin(reader, bytes, count, reduction);
  if (rgb) decode_rows(reader, rgb, rgb_count);
}

int edviz_jpeg_size(const uint8_t *bytes, size_t count, int reduction, edviz_size *full, edviz_size *reduced,
                    edviz_message *message) {
  jpeg_reader reader;
  prepare(&reader, 1, message);
  run(&reader, bytes, count, reduction, NULL, 0);
  *full = (edviz_size){reader.codec.image_width, reader.codec.image_height};
  *reduced = (edviz_size){reader.codec.output_width, reader.codec.output_height};
  jpeg_destroy_decompress(&reader.codec);
  return reader.status;
}

int edviz_jpeg_decode(const uint8_t *bytes, size_t count, int reduction, int max_scans, uint8_t *rgb,
                      size_t rgb_count, edviz_message *message) {
  jpeg_reader reader;
  prepare(&reader, max_scans, message);
  run(&reader, bytes, count, reduction, rgb, rgb_count);
  jpeg_destroy_decompress(&reader.codec);
  free(reader.cmyk_row);
  return reader.status;
}
