// Packed RGB to Y, Cb and Cr, in blocks of columns that stay in the first-level cache.

#include "alpha.h"
#include "clones.h"
#include "cpixels.h"
#include "words.h"

#include <stddef.h>

/// Samples of 8 bits need no more than 16 bits a weight, which processors multiply fastest.
enum { block = 256, sum_bits = 3, narrow_bits = 15, wide_bits = 19 };

/// How samples are written; a constant wherever it is used.
struct samples {
    /// Bytes of a sample.
    int32_t bytes;
    /// The fraction bits of a weighed sum: those of a weight, less what a sample has more than 8 bits.
    int32_t bits;
    /// The largest value.
    int32_t most;
};

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

CPIXELS_INLINE struct samples samples(int32_t depth) {
    if (depth == 8) return (struct samples){1, narrow_bits, 255};
    return (struct samples){2, wide_bits - (depth - 8), (1 << depth) - 1};
}

/// The casts only inform the compiler, as the masks below do.
CPIXELS_INLINE struct weights weights(const int32_t values[3], int32_t black, int32_t bits, struct samples as) {
    const int32_t offset = (black << bits) + (1 << (bits - 1));
    if (as.bytes == 1) return (struct weights){(int16_t)values[0], (int16_t)values[1], (int16_t)values[2], offset};
    return (struct weights){values[0], values[1], values[2], offset};
}

CPIXELS_INLINE int32_t neutral(struct samples as) { return (as.most + 1) / 2; }

CPIXELS_INLINE int32_t weigh(struct weights by, int32_t first, int32_t middle, int32_t last, int32_t bits) {
    return (first * by.first + middle * by.middle + last * by.last + by.offset) >> bits;
}

/// Luma needs no clamp: its weights are not negative and sum to at most one.
CPIXELS_INLINE int32_t luma(struct weights by, uint32_t pixel, int32_t bits) {
    return weigh(by, (uint8_t)pixel, (uint8_t)(pixel >> 8), (uint8_t)(pixel >> 16), bits);
}

/// Full-range chroma of a pure color is half a step above the largest value; below 0 it cannot come. The masks only inform the
/// compiler that 16 bits are multiplied, which is faster than 32.
CPIXELS_INLINE int32_t chroma(struct weights by, uint32_t outer, uint32_t middle, int32_t bits, int32_t most) {
    return smaller(weigh(by, outer & 0x7fff, middle & 0x7fff, outer >> 16 & 0x7fff, bits), most);
}

/// Three-byte pixels to four-byte ones, four at a time from three words; the fourth byte is not used.
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

/// The block's pixels as words: where they are if they have four bytes, else widened into `scratch`, where they also go
/// if alpha changes their colors.
CPIXELS_INLINE const uint8_t *words(
    const struct cpixels_packed *format, const uint8_t *row, int32_t x, uint32_t *scratch, int32_t columns) {
    const uint8_t *pixels = row + (ptrdiff_t)format->bytes_per_pixel * x;
    if (format->bytes_per_pixel == 4 && format->alpha == cpixels_alpha_ignored) return pixels;
    if (format->bytes_per_pixel == 4) {
        treat_alpha(format, pixels, scratch, columns);
    } else {
        widen(pixels, scratch, columns);
    }
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
    struct weights by, const uint8_t *restrict pixels, int32_t shift, uint8_t *restrict target, int32_t columns,
    struct samples as) {
    for (int32_t x = 0; x < columns; x++) {
        put(target, x, luma(by, load(pixels + 4 * x) >> shift, as.bits), as.bytes);
    }
}

/// [1 2 1] of what two rows sum to, or twice [1 1]: either way eight times the mean.
CPIXELS_INLINE uint32_t filtered(const uint32_t *sums, int32_t x, enum cpixels_location location) {
    if (location == cpixels_location_left) return sums[2 * x] + 2 * sums[2 * x + 1] + sums[2 * x + 2];
    return 2 * (sums[2 * x + 1] + sums[2 * x + 2]);
}

CPIXELS_INLINE void chroma_row(
    const struct cpixels_packed *format, enum cpixels_location location, const struct sums *restrict sums,
    uint8_t *restrict cb, uint8_t *restrict cr, int32_t columns, struct samples as) {
    const int32_t bits = as.bits + sum_bits;
    const struct weights by_cb = weights(format->cb, neutral(as), bits, as);
    const struct weights by_cr = weights(format->cr, neutral(as), bits, as);
    for (int32_t x = 0; x < columns; x++) {
        const uint32_t outer = filtered(sums->outer, x, location), middle = filtered(sums->middle, x, location);
        put(cb, x, chroma(by_cb, outer, middle, bits, as.most), as.bytes);
        put(cr, x, chroma(by_cr, outer, middle, bits, as.most), as.bytes);
    }
}

CPIXELS_INLINE void chroma_full_row(
    struct weights by, const uint8_t *restrict pixels, int32_t shift, uint8_t *restrict target, int32_t columns,
    struct samples as) {
    for (int32_t x = 0; x < columns; x++) {
        const uint32_t pixel = load(pixels + 4 * x) >> shift;
        put(target, x, chroma(by, pixel & 0xff00ff, pixel >> 8 & 0xff, as.bits, as.most), as.bytes);
    }
}

CPIXELS_INLINE void to_halved(
    const struct cpixels_packed *format, enum cpixels_location location, const uint8_t *first, const uint8_t *second,
    int32_t columns, const struct cpixels_rows *target, struct samples as) {
    const struct weights by_luma = weights(format->luma, format->black, as.bits, as);
    const int32_t shift = 8 * format->first_color;
    uint32_t scratch[2][block];
    struct sums sums;
    for (int32_t x = 0; x < columns; x += block) {
        const int32_t count = smaller(block, columns - x);
        const int32_t lumas = smaller(count, target->luma_columns - x);
        const uint8_t *a = words(format, first, x, scratch[0], count);
        const uint8_t *b = second == first ? a : words(format, second, x, scratch[1], count);
        const ptrdiff_t place = (ptrdiff_t)as.bytes * x, chroma_place = (ptrdiff_t)as.bytes * (x / 2);
        luma_row(by_luma, a, shift, target->luma + place, lumas, as);
        if (target->second_luma) luma_row(by_luma, b, shift, target->second_luma + place, lumas, as);

        add_rows(a, b, shift, &sums, count);
        if (x == 0) sums.outer[0] = sums.outer[1], sums.middle[0] = sums.middle[1];
        const int32_t chromas = smaller((count + 1) / 2, target->chroma_columns - x / 2);
        uint8_t *cb = target->cb + chroma_place, *cr = target->cr + chroma_place;
        if (location == cpixels_location_left) {
            chroma_row(format, cpixels_location_left, &sums, cb, cr, chromas, as);
        } else {
            chroma_row(format, cpixels_location_center, &sums, cb, cr, chromas, as);
        }
        sums.outer[0] = sums.outer[count], sums.middle[0] = sums.middle[count];
    }
}

CPIXELS_INLINE void to_full(
    const struct cpixels_packed *format, const uint8_t *source, const struct cpixels_rows *target, struct samples as) {
    const struct weights by_luma = weights(format->luma, format->black, as.bits, as);
    const struct weights by_cb = weights(format->cb, neutral(as), as.bits, as);
    const struct weights by_cr = weights(format->cr, neutral(as), as.bits, as);
    const int32_t shift = 8 * format->first_color;
    uint32_t scratch[block];
    for (int32_t x = 0; x < target->luma_columns; x += block) {
        const int32_t count = smaller(block, target->luma_columns - x);
        const uint8_t *pixels = words(format, source, x, scratch, count);
        const ptrdiff_t place = (ptrdiff_t)as.bytes * x;
        luma_row(by_luma, pixels, shift, target->luma + place, count, as);
        chroma_full_row(by_cb, pixels, shift, target->cb + place, count, as);
        chroma_full_row(by_cr, pixels, shift, target->cr + place, count, as);
    }
}

CPIXELS_CLONED void cpixels_packed_to_halved(
    const struct cpixels_packed *format, enum cpixels_location location, const uint8_t *first, const uint8_t *second,
    int32_t columns, const struct cpixels_rows *target) {
    if (format->depth == 8) {
        to_halved(format, location, first, second, columns, target, samples(8));
    } else if (format->depth == 10) {
        to_halved(format, location, first, second, columns, target, samples(10));
    } else {
        to_halved(format, location, first, second, columns, target, samples(12));
    }
}

CPIXELS_CLONED void cpixels_packed_to_full(
    const struct cpixels_packed *format, const uint8_t *source, const struct cpixels_rows *target) {
    if (format->depth == 8) {
        to_full(format, source, target, samples(8));
    } else if (format->depth == 10) {
        to_full(format, source, target, samples(10));
    } else {
        to_full(format, source, target, samples(12));
    }
}
