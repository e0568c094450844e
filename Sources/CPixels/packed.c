// Packed RGB to Y, Cb and Cr, in blocks of columns that stay in the first-level cache.

#include "clones.h"
#include "cpixels.h"

#include <stddef.h>
#include <string.h>

#if defined(__BYTE_ORDER__) && __BYTE_ORDER__ != __ORDER_LITTLE_ENDIAN__
#error "a pixel is read as one little-endian word"
#endif

enum { block = 256, weight_bits = 15, sum_bits = 3 };

/// The sums of two rows for the columns of a block, with one column on either side. Two colors share a word: they are
/// filtered together in its 16-bit halves, where eight times 255 still fits.
struct sums {
    uint32_t outer[block + 2];
    uint32_t middle[block + 2];
};

/// What a sample is made of: three weights, and the black level with the half that rounds.
struct weights {
    int32_t first, middle, last, offset;
};

CPIXELS_INLINE int32_t smaller(int32_t a, int32_t b) { return a < b ? a : b; }

CPIXELS_INLINE uint32_t load(const uint8_t *bytes) {
    uint32_t word;
    memcpy(&word, bytes, sizeof word);
    return word;
}

CPIXELS_INLINE struct weights weights(const int16_t values[3], int32_t black, int32_t bits) {
    return (struct weights){values[0], values[1], values[2], (black << bits) + (1 << (bits - 1))};
}

CPIXELS_INLINE int32_t weigh(struct weights by, int32_t first, int32_t middle, int32_t last, int32_t bits) {
    return (first * by.first + middle * by.middle + last * by.last + by.offset) >> bits;
}

/// Luma needs no clamp: its weights are not negative and sum to at most one.
CPIXELS_INLINE uint8_t luma(struct weights by, uint32_t pixel) {
    return (uint8_t)weigh(by, (uint8_t)pixel, (uint8_t)(pixel >> 8), (uint8_t)(pixel >> 16), weight_bits);
}

/// Full-range chroma of a pure color is 255.5, which rounds to a value that does not exist; below 0 it cannot come.
/// The masks change nothing but what the compiler knows: that 16 bits are multiplied, which it does faster than 32.
CPIXELS_INLINE uint8_t chroma(struct weights by, uint32_t outer, uint32_t middle, int32_t bits) {
    return (uint8_t)smaller(weigh(by, outer & 0x7fff, middle & 0x7fff, outer >> 16 & 0x7fff, bits), 255);
}

/// Three-byte pixels to four-byte ones, four at a time from three words; what lands in the fourth byte means nothing.
CPIXELS_INLINE void widen(const uint8_t *restrict source, uint32_t *restrict target, int32_t columns) {
    int32_t fours = columns / 4;
    for (int32_t x = 0; x < fours; x++) {
        const uint32_t a = load(source + 12 * x), b = load(source + 12 * x + 4), c = load(source + 12 * x + 8);
        target[4 * x] = a;
        target[4 * x + 1] = a >> 24 | b << 8;
        target[4 * x + 2] = b >> 16 | c << 16;
        target[4 * x + 3] = c >> 8;
    }
    for (int32_t x = 4 * fours; x < columns; x++) {
        const uint8_t *pixel = source + 3 * x;
        target[x] = (uint32_t)pixel[0] | (uint32_t)pixel[1] << 8 | (uint32_t)pixel[2] << 16;
    }
}

/// The block's pixels as words: where they are if they have four bytes, else widened into `scratch`.
CPIXELS_INLINE const uint8_t *words(
    const struct cpixels_packed *format, const uint8_t *row, int32_t x, uint32_t *scratch, int32_t columns) {
    if (format->bytes_per_pixel == 4) return row + (ptrdiff_t)4 * x;
    widen(row + (ptrdiff_t)3 * x, scratch, columns);
    return (const uint8_t *)scratch;
}

CPIXELS_INLINE void add_rows(
    const uint8_t *restrict first, const uint8_t *restrict second, int32_t shift, struct sums *restrict sums,
    int32_t columns) {
    uint32_t *restrict outer = sums->outer + 1, *restrict middle = sums->middle + 1;
    for (int32_t x = 0; x < columns; x++) {
        const uint32_t a = load(first + 4 * x) >> shift, b = load(second + 4 * x) >> shift;
        outer[x] = (a & 0xff00ff) + (b & 0xff00ff);
        middle[x] = (a >> 8 & 0xff) + (b >> 8 & 0xff);
    }
    outer[columns] = outer[columns - 1];
    middle[columns] = middle[columns - 1];
}

CPIXELS_INLINE void luma_row(
    struct weights by, const uint8_t *restrict pixels, int32_t shift, uint8_t *restrict target, int32_t columns) {
    for (int32_t x = 0; x < columns; x++) target[x] = luma(by, load(pixels + 4 * x) >> shift);
}

/// [1 2 1] of what two rows sum to, or twice [1 1]: either way eight times the mean.
CPIXELS_INLINE uint32_t filtered(const uint32_t *sums, int32_t x, enum cpixels_location location) {
    if (location == cpixels_location_left) return sums[2 * x] + 2 * sums[2 * x + 1] + sums[2 * x + 2];
    return 2 * (sums[2 * x + 1] + sums[2 * x + 2]);
}

CPIXELS_INLINE void chroma_row(
    const struct cpixels_packed *format, enum cpixels_location location, const struct sums *restrict sums,
    uint8_t *restrict cb, uint8_t *restrict cr, int32_t columns) {
    const int32_t bits = weight_bits + sum_bits;
    const struct weights by_cb = weights(format->cb, 128, bits), by_cr = weights(format->cr, 128, bits);
    for (int32_t x = 0; x < columns; x++) {
        const uint32_t outer = filtered(sums->outer, x, location), middle = filtered(sums->middle, x, location);
        cb[x] = chroma(by_cb, outer, middle, bits);
        cr[x] = chroma(by_cr, outer, middle, bits);
    }
}

CPIXELS_INLINE void chroma_full_row(
    struct weights by, const uint8_t *restrict pixels, int32_t shift, uint8_t *restrict target, int32_t columns) {
    for (int32_t x = 0; x < columns; x++) {
        const uint32_t pixel = load(pixels + 4 * x) >> shift;
        target[x] = chroma(by, pixel & 0xff00ff, pixel >> 8 & 0xff, weight_bits);
    }
}

CPIXELS_CLONED void cpixels_packed_to_halved(
    const struct cpixels_packed *format, enum cpixels_location location, const uint8_t *first, const uint8_t *second,
    int32_t columns, const struct cpixels_rows *target) {
    const struct weights by_luma = weights(format->luma, format->black, weight_bits);
    const int32_t shift = 8 * format->first_color;
    uint32_t scratch[2][block];
    struct sums sums;
    for (int32_t x = 0; x < columns; x += block) {
        const int32_t count = smaller(block, columns - x);
        const int32_t lumas = smaller(count, target->luma_columns - x);
        const uint8_t *a = words(format, first, x, scratch[0], count);
        const uint8_t *b = second == first ? a : words(format, second, x, scratch[1], count);
        luma_row(by_luma, a, shift, target->luma + x, lumas);
        if (target->second_luma) luma_row(by_luma, b, shift, target->second_luma + x, lumas);

        add_rows(a, b, shift, &sums, count);
        if (x == 0) sums.outer[0] = sums.outer[1], sums.middle[0] = sums.middle[1];
        const int32_t chromas = smaller((count + 1) / 2, target->chroma_columns - x / 2);
        uint8_t *cb = target->cb + x / 2, *cr = target->cr + x / 2;
        if (location == cpixels_location_left) {
            chroma_row(format, cpixels_location_left, &sums, cb, cr, chromas);
        } else {
            chroma_row(format, cpixels_location_center, &sums, cb, cr, chromas);
        }
        sums.outer[0] = sums.outer[count], sums.middle[0] = sums.middle[count];
    }
}

CPIXELS_CLONED void cpixels_packed_to_full(
    const struct cpixels_packed *format, const uint8_t *source, const struct cpixels_rows *target) {
    const struct weights by_luma = weights(format->luma, format->black, weight_bits);
    const struct weights by_cb = weights(format->cb, 128, weight_bits), by_cr = weights(format->cr, 128, weight_bits);
    const int32_t shift = 8 * format->first_color;
    uint32_t scratch[block];
    for (int32_t x = 0; x < target->luma_columns; x += block) {
        const int32_t count = smaller(block, target->luma_columns - x);
        const uint8_t *pixels = words(format, source, x, scratch, count);
        luma_row(by_luma, pixels, shift, target->luma + x, count);
        chroma_full_row(by_cb, pixels, shift, target->cb + x, count);
        chroma_full_row(by_cr, pixels, shift, target->cr + x, count);
    }
}
