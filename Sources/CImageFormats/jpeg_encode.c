#include <setjmp.h>
#include <stdio.h>
#include <string.h>

#include <jerror.h>
#include <jpeglib.h>

#include "byte_sink.h"

typedef struct {
  struct jpeg_compress_struct codec;
  struct jpeg_error_mgr errors;
  struct jpeg_destination_mgr destination;
  jmp_buf escape;
  int status;
  edviz_message *message;
  byte_sink sink;
} jpeg_writer;

static void on_error(j_common_ptr codec) {
  jpeg_writer *writer = codec->client_data;
  char text[JMSG_LENGTH_MAX];
  codec->err->format_message(codec, text);
  snprintf(writer->message->text, sizeof writer->message->text, "%s", text);
  switch (codec->err->msg_code) {
    case JERR_OUT_OF_MEMORY: writer->status = EDVIZ_IMAGE_NO_MEMORY; break;
    case JERR_IMAGE_TOO_BIG: writer->status = EDVIZ_IMAGE_TOO_LARGE; break;
    default: writer->status = EDVIZ_IMAGE_UNSUPPORTED;
  }
  longjmp(writer->escape, 1);
}

static void print_nothing(j_common_ptr codec) { (void)codec; }

// The library writes into the sink's spare room and asks for more when that is full. The library's own memory
// destination would lose its buffer when an error jumps out.
static void offer_room(j_compress_ptr codec, size_t capacity) {
  jpeg_writer *writer = codec->client_data;
  if (!byte_sink_reserve(&writer->sink, capacity)) ERREXIT1(codec, JERR_OUT_OF_MEMORY, 0);
  codec->dest->next_output_byte = writer->sink.bytes.start + writer->sink.bytes.count;
  codec->dest->free_in_buffer = writer->sink.capacity - writer->sink.bytes.count;
}

static void start_writing(j_compress_ptr codec) { offer_room(codec, 1 << 16); }

static boolean grow(j_compress_ptr codec) {
  jpeg_writer *writer = codec->client_data;
  writer->sink.bytes.count = writer->sink.capacity;
  offer_room(codec, writer->sink.capacity * 2);
  return TRUE;
}

static void end_writing(j_compress_ptr codec) {
  jpeg_writer *writer = codec->client_data;
  writer->sink.bytes.count = writer->sink.capacity - codec->dest->free_in_buffer;
}

static void run(jpeg_writer *writer, const uint8_t *pixels, edviz_size size, int channels, int quality) {
  if (setjmp(writer->escape)) return;
  j_compress_ptr codec = &writer->codec;
  jpeg_create_compress(codec);
  codec->client_data = writer;
  codec->dest = &writer->destination;
  codec->image_width = size.width;
  codec->image_height = size.height;
  codec->input_components = channels;
  codec->in_color_space = channels == 1 ? JCS_GRAYSCALE : JCS_RGB;
  jpeg_set_defaults(codec);
  jpeg_set_quality(codec, quality, TRUE);
  jpeg_start_compress(codec, TRUE);
  while (codec->next_scanline < codec->image_height) {
    JSAMPROW row = (JSAMPROW)pixels + (size_t)codec->next_scanline * size.width * (size_t)channels;
    jpeg_write_scanlines(codec, &row, 1);
  }
  jpeg_finish_compress(codec);
}

int edviz_jpeg_encode(const uint8_t *pixels, edviz_size size, int channels, int quality, edviz_bytes *encoded,
                      edviz_message *message) {
  jpeg_writer writer;
  memset(&writer, 0, sizeof writer);
  message->text[0] = 0;
  writer.message = message;
  writer.codec.err = jpeg_std_error(&writer.errors);
  writer.codec.client_data = &writer;
  writer.errors.error_exit = on_error;
  writer.errors.output_message = print_nothing;
  writer.destination.init_destination = start_writing;
  writer.destination.empty_output_buffer = grow;
  writer.destination.term_destination = end_writing;
  run(&writer, pixels, size, channels, quality);
  jpeg_destroy_compress(&writer.codec);
  if (writer.status != EDVIZ_IMAGE_OK) edviz_bytes_free(&writer.sink.bytes);
  *encoded = writer.sink.bytes;
  return writer.status;
}
