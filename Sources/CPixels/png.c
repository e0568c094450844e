// The filters of PNG's rows (ISO/IEC 15948 9.2), undone in place.

#include "clones.h"
#include "cpixels.h"

#include <string.h>

/// A pixel's bytes as numbers that do not overflow.
typedef int16_t pixel __attribute__((vector_size(16)));
typedef uint8_t pixel_bytes __attribute__((vector_size(8)));

/// Reads 8 bytes, of which those after the pixel are not used.
CPIXELS_INLINE pixel load_pixel(const uint8_t *bytes) {
    pixel_bytes packed;
    memcpy(&packed, bytes, sizeof packed);
    return __builtin_convertvector(packed, pixel);
}

CPIXELS_INLINE void store_pixel(uint8_t *bytes, int32_t count, pixel value) {
    const pixel_bytes packed = __builtin_convertvector(value, pixel_bytes);
    memcpy(bytes, &packed, (size_t)count);
}

CPIXELS_INLINE pixel choose(pixel mask, pixel yes, pixel no) { return (yes & mask) | (no & ~mask); }

CPIXELS_INLINE pixel magnitude(pixel value) { return choose(value < -value, -value, value); }

CPIXELS_INLINE pixel lesser(pixel a, pixel b) { return choose(a < b, a, b); }

/// The neighbor that is nearest to left + above - corner.
CPIXELS_INLINE pixel predict(pixel left, pixel above, pixel corner) {
    const pixel from_above = above - corner, from_left = left - corner;
    const pixel a = magnitude(from_above), b = magnitude(from_left), c = magnitude(from_above + from_left);
    const pixel least = lesser(lesser(a, b), c);
    return choose(least == a, left, choose(least == b, above, corner));
}

CPIXELS_INLINE void undo_sub(uint8_t *row, int32_t pixels, int32_t size) {
    pixel left = {0};
    for (int32_t x = 0; x < pixels; x++, row += size) {
        left = (left + load_pixel(row)) & 255;
        store_pixel(row, size, left);
    }
}

CPIXELS_INLINE void undo_average(uint8_t *row, const uint8_t *above, int32_t pixels, int32_t size) {
    pixel left = {0};
    for (int32_t x = 0; x < pixels; x++, row += size, above += size) {
        left = (((left + load_pixel(above)) >> 1) + load_pixel(row)) & 255;
        store_pixel(row, size, left);
    }
}

CPIXELS_INLINE void undo_paeth(uint8_t *row, const uint8_t *above, int32_t pixels, int32_t size) {
    pixel left = {0}, corner = {0};
    for (int32_t x = 0; x < pixels; x++, row += size, above += size) {
        const pixel up = load_pixel(above);
        left = (predict(left, up, corner) + load_pixel(row)) & 255;
        store_pixel(row, size, left);
        corner = up;
    }
}

CPIXELS_INLINE void unfilter(uint8_t *row, const uint8_t *above, int32_t pixels, int32_t size, int32_t filter) {
    switch (filter) {
    case 1: undo_sub(row, pixels, size); break;
    case 2:
        for (int32_t x = 0; x < pixels * size; x++) row[x] = (uint8_t)(row[x] + above[x]);
        break;
    case 3: undo_average(row, above, pixels, size); break;
    case 4: undo_paeth(row, above, pixels, size); break;
    default: break;
    }
}

CPIXELS_CLONED void cpixels_unfilter(uint8_t *row, const uint8_t *above, int32_t pixels, int32_t size, int32_t filter) {
    switch (size) {
    case 1: unfilter(row, above, pixels, 1, filter); break;
    case 2: unfilter(row, above, pixels, 2, filter); break;
    case 3: unfilter(row, above, pixels, 3, filter); break;
    case 4: unfilter(row, above, pixels, 4, filter); break;
    case 6: unfilter(row, above, pixels, 6, filter); break;
    case 8: unfilter(row, above, pixels, 8, filter); break;
    default: break;
    }
}

CPIXELS_CLONED void cpixels_swap_bytes(const uint8_t *source, int32_t samples, uint8_t *target) {
    for (int32_t x = 0; x < samples; x++) {
        target[2 * x] = source[2 * x + 1];
        target[2 * x + 1] = source[2 * x];
    }
}
