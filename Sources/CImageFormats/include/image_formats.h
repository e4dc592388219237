#ifndef EDVIZ_IMAGE_FORMATS_H
#define EDVIZ_IMAGE_FORMATS_H

#include <stddef.h>
#include <stdint.h>

// JPEG, PNG, WebP, TIFF and GIF, from memory to memory. No function here keeps state, prints, exits or jumps out of itself:
// every one returns a status, and on failure leaves a sentence in the caller's `edviz_message`.

enum {
  EDVIZ_IMAGE_OK = 0,
  // The bytes break the format's rules.
  EDVIZ_IMAGE_DAMAGED = 1,
  // The bytes are sound but of a kind that is not read (12-bit, lossless, two components).
  EDVIZ_IMAGE_UNSUPPORTED = 2,
  // The format or its library cannot hold a picture of this size.
  EDVIZ_IMAGE_TOO_LARGE = 3,
  EDVIZ_IMAGE_NO_MEMORY = 4,
};

// Text of an error, or of the first warning if there was no error; empty if there was neither.
typedef struct {
  char text[256];
} edviz_message;

// Width and height in pixels.
typedef struct {
  uint32_t width;
  uint32_t height;
} edviz_size;

// Size of the picture that `edviz_jpeg_decode` would write. Takes no memory that grows with the picture.
// `reduction` is 1, 2, 4 or 8: the divisor of both sides, rounded up. On EDVIZ_IMAGE_TOO_LARGE, `full` is set
// too.
int edviz_jpeg_size(const uint8_t *bytes, size_t count, int reduction, edviz_size *full,
                    edviz_size *reduced, edviz_message *message);

// Writes interleaved 8-bit RGB rows into `rgb`, whose `rgb_count` must be width * height * 3 of the reduced
// size. CMYK and YCCK are taken as Adobe writes them, inverted. Data that ends early or is damaged in places
// gives a picture with grey fill, and `message` then says what was wrong. A file with more than `max_scans`
// scans is refused.
int edviz_jpeg_decode(const uint8_t *bytes, size_t count, int reduction, int max_scans, uint8_t *rgb,
                      size_t rgb_count, edviz_message *message);

// Size of the picture, from the header chunk alone.
int edviz_png_size(const uint8_t *bytes, size_t count, edviz_size *size, edviz_message *message);

// Writes interleaved 8-bit rows into `target`, whose `target_count` must be width * height * channels. 16-bit samples
// keep their high byte, gamma and colour profiles are ignored. With 3 channels transparency is composited over white
// after that (rounded to nearest); with 4 the last is the opacity, 255 where the file has none, and colours are those
// of the file.
int edviz_png_decode(const uint8_t *bytes, size_t count, int channels, uint8_t *target, size_t target_count,
                     edviz_message *message);

// What the stored levels of a picture are.
enum {
  // None: it stores colours.
  EDVIZ_LEVELS_NONE = 0,
  // Grey of 8 bits or fewer, on 0 to 255.
  EDVIZ_LEVELS_GREY8 = 1,
  // Grey of 16 bits, on 0 to 65535.
  EDVIZ_LEVELS_GREY16 = 2,
  // Positions in a palette.
  EDVIZ_LEVELS_INDEX = 3,
};

// The number that a file stores for each pixel, whatever colour or transparency it has. `target_count` is width *
// height; nothing is written if `kind` comes out as EDVIZ_LEVELS_NONE.
int edviz_png_levels(const uint8_t *bytes, size_t count, int *kind, uint16_t *target, size_t target_count,
                     edviz_message *message);
int edviz_tiff_levels(const uint8_t *bytes, size_t count, int *kind, uint16_t *target, size_t target_count,
                      edviz_message *message);
int edviz_gif_levels(const uint8_t *bytes, size_t count, int *kind, uint16_t *target, size_t target_count,
                     edviz_message *message);

// Size of the picture, or of the canvas of an animation.
int edviz_webp_size(const uint8_t *bytes, size_t count, edviz_size *size, edviz_message *message);

// As `edviz_png_decode`; of an animation the first frame on its canvas. Data that ends early is damage.
int edviz_webp_decode(const uint8_t *bytes, size_t count, int channels, uint8_t *target, size_t target_count,
                      edviz_message *message);

// Size of the first picture in the file.
int edviz_tiff_size(const uint8_t *bytes, size_t count, edviz_size *size, edviz_message *message);

// As `edviz_png_decode`. Grey, palettes, RGB and CMYK (taken as Pillow does, without profiles) of 1 to 16 bits, and
// YCbCr of 8; strips or tiles, samples together or apart, in every compression that libtiff was built with.
int edviz_tiff_decode(const uint8_t *bytes, size_t count, int channels, uint8_t *target, size_t target_count,
                      edviz_message *message);

// Orientation of the first picture, 1 to 8 as in EXIF.
int edviz_tiff_orientation(const uint8_t *bytes, size_t count);

// Size of the canvas, which holds at least the first frame.
int edviz_gif_size(const uint8_t *bytes, size_t count, edviz_size *size, edviz_message *message);

// As `edviz_png_decode`; the first frame on its canvas. What the frame does not cover is transparent if it has a
// transparent colour, else of the first colour.
int edviz_gif_decode(const uint8_t *bytes, size_t count, int channels, uint8_t *target, size_t target_count,
                     edviz_message *message);

// Encoded bytes, owned by the caller until given to `edviz_bytes_free`.
typedef struct {
  uint8_t *start;
  size_t count;
} edviz_bytes;

// `pixels` holds width * height * channels bytes, channels 1 (grey) or 3 (RGB). Quality 1 to 100, chroma
// halved.
int edviz_jpeg_encode(const uint8_t *pixels, edviz_size size, int channels, int quality,
                      edviz_bytes *encoded, edviz_message *message);

// `level` is zlib's, 0 to 9.
int edviz_png_encode(const uint8_t *pixels, edviz_size size, int channels, int level, edviz_bytes *encoded,
                     edviz_message *message);

void edviz_bytes_free(edviz_bytes *bytes);

#endif
