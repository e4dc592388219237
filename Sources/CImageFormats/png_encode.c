#include <setjmp.h>
#include <stdio.h>
#include <string.h>

#include <png.h>

#include "byte_sink.h"

typedef struct {
  png_structp png;
  png_infop info;
  jmp_buf escape;
  int status;
  edviz_message *message;
  byte_sink sink;
} png_writer;

static _Noreturn void refuse(png_writer *writer, int status, const char *reason) {
  snprintf(writer->message->text, sizeof writer->message->text, "%s", reason);
  writer->status = status;
  longjmp(writer->escape, 1);
}

static void on_error(png_structp png, png_const_charp text) {
  refuse(png_get_error_ptr(png), EDVIZ_IMAGE_UNSUPPORTED, text);
}

static void on_warning(png_structp png, png_const_charp text) { (void)png, (void)text; }

static void append(png_structp png, png_bytep start, size_t count) {
  png_writer *writer = png_get_io_ptr(png);
  if (!byte_sink_append(&writer->sink, start, count)) {
    refuse(writer, EDVIZ_IMAGE_NO_MEMORY, "not enough memory");
  }
}

static void flush_nothing(png_structp png) { (void)png; }

static void run(png_writer *writer, const uint8_t *pixels, edviz_size size, int channels, int level) {
  if (setjmp(writer->escape)) return;
  writer->png = png_create_write_struct(PNG_LIBPNG_VER_STRING, writer, on_error, on_warning);
  if (!writer->png) refuse(writer, EDVIZ_IMAGE_NO_MEMORY, "libpng could not start");
  writer->info = png_create_info_struct(writer->png);
  if (!writer->info) refuse(writer, EDVIZ_IMAGE_NO_MEMORY, "not enough memory");
  png_structp png = writer->png;
  png_set_write_fn(png, writer, append, flush_nothing);
  png_set_user_limits(png, PNG_UINT_31_MAX, PNG_UINT_31_MAX);
  int color_type = channels == 1 ? PNG_COLOR_TYPE_GRAY : PNG_COLOR_TYPE_RGB;
  png_set_IHDR(png, writer->info, size.width, size.height, 8, color_type, PNG_INTERLACE_NONE,
               PNG_COMPRESSION_TYPE_DEFAULT, PNG_FILTER_TYPE_DEFAULT);
  png_set_compression_level(png, level);
  // Trying all filters on each row costs more time than the lowest level does, and gains nothing there.
  if (level <= 1) png_set_filter(png, PNG_FILTER_TYPE_BASE, PNG_FILTER_UP);
  png_write_info(png, writer->info);
  for (uint32_t y = 0; y < size.height; y++) {
    png_write_row(png, pixels + (size_t)y * size.width * (size_t)channels);
  }
  png_write_end(png, NULL);
}

int edviz_png_encode(const uint8_t *pixels, edviz_size size, int channels, int level, edviz_bytes *encoded,
                     edviz_message *message) {
  png_writer writer;
  memset(&writer, 0, sizeof writer);
  message->text[0] = 0;
  writer.message = message;
  run(&writer, pixels, size, channels, level);
  if (writer.png) png_destroy_write_struct(&writer.png, &writer.info);
  if (writer.status != EDVIZ_IMAGE_OK) edviz_bytes_free(&writer.sink.bytes);
  *encoded = writer.sink.bytes;
  return writer.status;
}
