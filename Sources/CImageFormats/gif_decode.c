#include <stdbool.h>
#include <stdlib.h>
#include <string.h>

#include <gif_lib.h>

#include "pixels.h"

typedef struct {
  const uint8_t *next;
  size_t remaining;
} gif_source;

// The first frame: where it lies on the canvas, and what its numbers mean.
typedef struct {
  GifFileType *gif;
  size_t width, height;
  size_t left, top, frame_width, frame_height;
  bool interlaced;
  int transparent;
  const ColorMapObject *colors;
} gif_reader;

static int supply(GifFileType *gif, GifByteType *target, int count) {
  gif_source *source = gif->UserData;
  if (count < 0) return 0;
  size_t given = (size_t)count < source->remaining ? (size_t)count : source->remaining;
  memcpy(target, source->next, given);
  source->next += given;
  source->remaining -= given;
  return (int)given;
}

static int damaged(const gif_reader *reader, int error, edviz_message *message) {
  int code = reader->gif ? reader->gif->Error : error;
  if (code == D_GIF_ERR_NOT_ENOUGH_MEM) return refused(message, EDVIZ_IMAGE_NO_MEMORY, "not enough memory");
  const char *text = code == D_GIF_ERR_READ_FAILED || code == D_GIF_ERR_EOF_TOO_SOON ? "the file ends early"
                                                                                     : GifErrorString(code);
  return refused(message, EDVIZ_IMAGE_DAMAGED, text ? text : "its data breaks the format's rules");
}

// Reads up to the pixels of the first frame.
static int begin(gif_reader *reader, gif_source *source, edviz_message *message) {
  int error = 0;
  reader->transparent = NO_TRANSPARENT_COLOR;
  reader->gif = DGifOpen(source, supply, &error);
  if (!reader->gif) return damaged(reader, error, message);
  GifFileType *gif = reader->gif;
  for (;;) {
    GifRecordType record;
    if (DGifGetRecordType(gif, &record) == GIF_ERROR) return damaged(reader, 0, message);
    if (record == TERMINATE_RECORD_TYPE) return refused(message, EDVIZ_IMAGE_DAMAGED, "it has no frame");
    if (record == IMAGE_DESC_RECORD_TYPE) break;
    int code;
    GifByteType *block;
    if (DGifGetExtension(gif, &code, &block) == GIF_ERROR) return damaged(reader, 0, message);
    while (block) {
      GraphicsControlBlock control;
      if (code == GRAPHICS_EXT_FUNC_CODE && DGifExtensionToGCB(block[0], block + 1, &control) == GIF_OK) {
        reader->transparent = control.TransparentColor;
      }
      if (DGifGetExtensionNext(gif, &block) == GIF_ERROR) return damaged(reader, 0, message);
    }
  }
  if (DGifGetImageDesc(gif) == GIF_ERROR) return damaged(reader, 0, message);
  const GifImageDesc *frame = &gif->Image;
  if (frame->Left < 0 || frame->Top < 0 || frame->Width <= 0 || frame->Height <= 0) {
    return refused(message, EDVIZ_IMAGE_DAMAGED, "its first frame has no pixels");
  }
  reader->left = (size_t)frame->Left;
  reader->top = (size_t)frame->Top;
  reader->frame_width = (size_t)frame->Width;
  reader->frame_height = (size_t)frame->Height;
  reader->interlaced = frame->Interlace;
  reader->colors = frame->ColorMap ? frame->ColorMap : gif->SColorMap;
  size_t right = reader->left + reader->frame_width, bottom = reader->top + reader->frame_height;
  reader->width = gif->SWidth > 0 && (size_t)gif->SWidth > right ? (size_t)gif->SWidth : right;
  reader->height = gif->SHeight > 0 && (size_t)gif->SHeight > bottom ? (size_t)gif->SHeight : bottom;
  return EDVIZ_IMAGE_OK;
}

// Gives the frame's rows in the order of the file to `place`.
static int read_rows(gif_reader *reader, void (*place)(const gif_reader *, const uint8_t *, size_t, void *),
                     void *target, edviz_message *message) {
  static const size_t starts[] = {0, 4, 2, 1}, steps[] = {8, 8, 4, 2};
  uint8_t *row = malloc(reader->frame_width);
  if (!row) return refused(message, EDVIZ_IMAGE_NO_MEMORY, "not enough memory");
  int status = EDVIZ_IMAGE_OK;
  for (int pass = 0; pass < (reader->interlaced ? 4 : 1) && status == EDVIZ_IMAGE_OK; pass++) {
    size_t start = reader->interlaced ? starts[pass] : 0, step = reader->interlaced ? steps[pass] : 1;
    for (size_t y = start; y < reader->frame_height; y += step) {
      if (DGifGetLine(reader->gif, row, (int)reader->frame_width) == GIF_ERROR) {
        status = damaged(reader, 0, message);
        break;
      }
      place(reader, row, y, target);
    }
  }
  free(row);
  return status;
}

static int finish(gif_reader *reader, int status) {
  int error;
  if (reader->gif) DGifCloseFile(reader->gif, &error);
  return status;
}

int edviz_gif_size(const uint8_t *bytes, size_t count, edviz_size *size, edviz_message *message) {
  message->text[0] = 0;
  *size = (edviz_size){0, 0};
  gif_source source = {bytes, count};
  gif_reader reader = {0};
  int status = begin(&reader, &source, message);
  if (status == EDVIZ_IMAGE_OK) *size = (edviz_size){(uint32_t)reader.width, (uint32_t)reader.height};
  return finish(&reader, status);
}

typedef struct {
  uint8_t *bytes;
  size_t channels;
} colored_rows;

static void color(const gif_reader *reader, int index, uint8_t *rgba) {
  rgba[0] = rgba[1] = rgba[2] = reader->colors ? 0 : (uint8_t)index;
  if (reader->colors && index < reader->colors->ColorCount) {
    GifColorType color = reader->colors->Colors[index];
    rgba[0] = color.Red, rgba[1] = color.Green, rgba[2] = color.Blue;
  }
  rgba[3] = index == reader->transparent ? 0 : 255;
}

static void place_colors(const gif_reader *reader, const uint8_t *row, size_t y, void *target) {
  colored_rows *rows = target;
  uint8_t *at = rows->bytes + ((reader->top + y) * reader->width + reader->left) * rows->channels;
  for (size_t x = 0; x < reader->frame_width; x++, at += rows->channels) {
    uint8_t rgba[4];
    color(reader, row[x], rgba);
    if (rows->channels == 4) memcpy(at, rgba, 4);
    else over_white(rgba, at, 1);
  }
}

int edviz_gif_decode(const uint8_t *bytes, size_t count, int channels, uint8_t *target, size_t target_count,
                     edviz_message *message) {
  message->text[0] = 0;
  gif_source source = {bytes, count};
  gif_reader reader = {0};
  int status = begin(&reader, &source, message);
  if (status != EDVIZ_IMAGE_OK) return finish(&reader, status);
  if (reader.width * reader.height * (size_t)channels != target_count) {
    return finish(&reader, refused(message, EDVIZ_IMAGE_DAMAGED, "the size changed while reading"));
  }
  uint8_t rgba[4], rgb[3];
  color(&reader, reader.transparent != NO_TRANSPARENT_COLOR ? reader.transparent : 0, rgba);
  over_white(rgba, rgb, 1);
  for (size_t i = 0; i < target_count; i += (size_t)channels) {
    memcpy(target + i, channels == 4 ? rgba : rgb, (size_t)channels);
  }
  colored_rows rows = {target, (size_t)channels};
  return finish(&reader, read_rows(&reader, place_colors, &rows, message));
}

static void place_levels(const gif_reader *reader, const uint8_t *row, size_t y, void *target) {
  uint16_t *at = (uint16_t *)target + (reader->top + y) * reader->width + reader->left;
  for (size_t x = 0; x < reader->frame_width; x++) at[x] = row[x];
}

int edviz_gif_levels(const uint8_t *bytes, size_t count, int *kind, uint16_t *target, size_t target_count,
                     edviz_message *message) {
  message->text[0] = 0;
  *kind = EDVIZ_LEVELS_NONE;
  gif_source source = {bytes, count};
  gif_reader reader = {0};
  int status = begin(&reader, &source, message);
  if (status != EDVIZ_IMAGE_OK) return finish(&reader, status);
  if (reader.width * reader.height != target_count) {
    return finish(&reader, refused(message, EDVIZ_IMAGE_DAMAGED, "the size changed while reading"));
  }
  *kind = EDVIZ_LEVELS_INDEX;
  for (size_t i = 0; i < target_count; i++) {
    target[i] = reader.transparent != NO_TRANSPARENT_COLOR ? (uint16_t)reader.transparent : 0;
  }
  return finish(&reader, read_rows(&reader, place_levels, target, message));
}
