// Y, Cb and Cr to packed RGB, in blocks of columns that stay in the first-level cache. Samples of any depth become signed
// words of 16 bits that are 0 in the middle of the range, which processors multiply fastest.

#include "clones.h"
#include "cpixels.h"
#include "words.h"

#include <stddef.h>

enum { block = 512, batch = 64, middle = 0x8000, fraction_bits = 5 };

/// The chroma of a block: one row between two, in units of a quarter step, with one column on either side.
struct blended {
    uint16_t columns[block + 2];
};

/// The samples of a block, which are signed words.
struct words {
    uint16_t luma[block];
    uint16_t first[block];
    uint16_t last[block];
};

/// The layout of a plane's samples; constant except for the last two wherever it is used.
struct reading {
    int32_t bytes;
    int32_t step;
    int32_t shift;
    uint16_t most;
};

/// A value out of the depth's range would exceed the range in which the sums are correct.
CPIXELS_INLINE uint16_t sample(const uint8_t *row, int32_t x, struct reading as) {
    if (as.bytes == 1) return row[as.step * x];
    const uint16_t value = (uint16_t)(((const cpixels_word *)row)[as.step * x] >> as.shift);
    return value < as.most ? value : as.most;
}

/// `factor * weight / 0x10000`, rounded down: one instruction where words are multiplied in parallel.
CPIXELS_INLINE int16_t weighed(int16_t factor, int32_t weight) {
    return (int16_t)((factor * (int16_t)weight) >> 16);
}

/// Eight bits of a word of five fraction bits.
CPIXELS_INLINE uint16_t color(int16_t value) {
    const int16_t whole = (int16_t)(value >> fraction_bits);
    const int16_t least = whole < 0 ? 0 : whole;
    return (uint16_t)(least > 255 ? 255 : least);
}

CPIXELS_INLINE void read_luma(
    const uint8_t *restrict row, struct reading as, int32_t up, uint16_t *restrict target, int32_t columns) {
    for (int32_t x = 0; x < columns; x++) target[x] = (uint16_t)((sample(row, x, as) << up) ^ middle);
}

/// One row between two. The weights are constants wherever this is inlined.
CPIXELS_INLINE void blend_as(
    const uint8_t *restrict near, const uint8_t *restrict far, struct reading as, uint16_t *restrict target,
    int32_t columns, int32_t near_weight, int32_t far_weight) {
    for (int32_t x = 0; x < columns; x++) {
        target[x] = (uint16_t)(near_weight * sample(near, x, as) + far_weight * sample(far, x, as));
    }
}

CPIXELS_INLINE void blend(
    const struct cpixels_chroma_rows *rows, int32_t start, struct reading as, uint16_t *restrict target,
    int32_t columns) {
    const ptrdiff_t offset = (ptrdiff_t)as.bytes * as.step * start;
    switch (rows->near_weight) {
    case 4: blend_as(rows->near + offset, rows->near + offset, as, target, columns, 4, 0); break;
    case 3: blend_as(rows->near + offset, rows->far + offset, as, target, columns, 3, 1); break;
    default: blend_as(rows->near + offset, rows->far + offset, as, target, columns, 2, 2); break;
    }
}

/// The columns of half as many, between two neighbors, in units of a sixteenth step.
CPIXELS_INLINE void widen_left(
    const uint16_t *restrict columns, int32_t up, uint16_t *restrict target, int32_t pairs) {
    for (int32_t x = 0; x < pairs; x++) {
        const uint16_t here = columns[x + 1], after = columns[x + 2];
        target[2 * x] = (uint16_t)((here << (up + 2)) ^ middle);
        target[2 * x + 1] = (uint16_t)(((uint16_t)(here + after) << (up + 1)) ^ middle);
    }
}

CPIXELS_INLINE void widen_center(
    const uint16_t *restrict columns, int32_t up, uint16_t *restrict target, int32_t pairs) {
    for (int32_t x = 0; x < pairs; x++) {
        const uint16_t before = columns[x], here = (uint16_t)(3 * columns[x + 1]), after = columns[x + 2];
        target[2 * x] = (uint16_t)(((uint16_t)(before + here) << up) ^ middle);
        target[2 * x + 1] = (uint16_t)(((uint16_t)(here + after) << up) ^ middle);
    }
}

CPIXELS_INLINE void keep_columns(
    const uint16_t *restrict columns, int32_t up, uint16_t *restrict target, int32_t count) {
    for (int32_t x = 0; x < count; x++) target[x] = (uint16_t)((columns[x + 1] << (up + 2)) ^ middle);
}

/// The chroma of the block that starts at luma column `x`.
CPIXELS_INLINE void read_chroma(
    const struct cpixels_unpacking *format, const struct cpixels_chroma_rows *rows, int32_t x, struct reading as, int32_t depth,
    uint16_t *restrict target, int32_t columns) {
    const int32_t halved = format->chroma != cpixels_columns_all, up = 12 - depth;
    const int32_t start = halved ? x / 2 : x, count = halved ? (columns + 1) / 2 : columns;
    // One more on either side, if it exists.
    const int32_t before = start == 0 ? 0 : 1;
    const int32_t read = smaller(count + 1, format->chroma_columns - start);
    struct blended blended;
    uint16_t *here = blended.columns + 1;
    blend(rows, start - before, as, here - before, before + read);
    if (before == 0) here[-1] = here[0];
    if (read == count) here[count] = here[count - 1];
    switch (format->chroma) {
    case cpixels_columns_all: keep_columns(blended.columns, up, target, count); break;
    case cpixels_columns_left: widen_left(blended.columns, up, target, count); break;
    case cpixels_columns_center: widen_center(blended.columns, up, target, count); break;
    }
}

/// The pixels of a block as words, the first color in the byte after `first_color` others.
CPIXELS_INLINE void mix(
    const struct cpixels_unpacking *format, const struct words *restrict words, uint8_t *restrict target,
    int32_t columns, int32_t first_color, int32_t is_identity) {
    const int16_t *restrict luma = (const int16_t *)words->luma;
    const int16_t *restrict first = (const int16_t *)words->first;
    const int16_t *restrict last = (const int16_t *)words->last;
    // Cut to 16 bits where they are used, so that only as many are multiplied.
    const int32_t by_luma = format->luma, by_first = format->first, by_last = format->last;
    const int32_t middle_by_first = format->middle_by_first, middle_by_last = format->middle_by_last;
    const int16_t offset = format->offset;
    cpixels_word *restrict halves = (cpixels_word *)target;
    for (int32_t x = 0; x < columns; x++) {
        const int16_t light = (int16_t)(weighed(luma[x], by_luma) + offset);
        int16_t a, b, c;
        if (is_identity) {
            a = (int16_t)(weighed(first[x], by_luma) + offset);
            b = light;
            c = (int16_t)(weighed(last[x], by_luma) + offset);
        } else {
            a = (int16_t)(light + weighed(first[x], by_first));
            b = (int16_t)(light + weighed(first[x], middle_by_first) + weighed(last[x], middle_by_last) + 1);
            c = (int16_t)(light + weighed(last[x], by_last));
        }
        if (first_color == 0) {
            halves[2 * x] = (uint16_t)(color(a) | color(b) << 8);
            halves[2 * x + 1] = (uint16_t)(color(c) | 0xff00);
        } else {
            halves[2 * x] = (uint16_t)(0xff | color(a) << 8);
            halves[2 * x + 1] = (uint16_t)(color(b) | color(c) << 8);
        }
    }
}

/// Four-byte pixels to three-byte ones, four at a time to three words.
CPIXELS_INLINE void narrow(const uint32_t *restrict pixels, uint8_t *restrict target, int32_t columns) {
    const int32_t fours = columns / 4;
    for (int32_t x = 0; x < fours; x++) {
        const uint32_t a = pixels[4 * x] & 0xffffff, b = pixels[4 * x + 1] & 0xffffff;
        const uint32_t c = pixels[4 * x + 2] & 0xffffff, d = pixels[4 * x + 3];
        const uint32_t three[3] = {a | b << 24, b >> 8 | c << 16, c >> 16 | d << 8};
        memcpy(target + 12 * x, three, sizeof three);
    }
    for (int32_t x = 4 * fours; x < columns; x++) {
        for (int32_t place = 0; place < 3; place++) target[3 * x + place] = (uint8_t)(pixels[x] >> (8 * place));
    }
}

CPIXELS_INLINE void set_alpha(
    const uint8_t *restrict alpha, int32_t place, uint8_t *restrict pixels, int32_t columns) {
    for (int32_t x = 0; x < columns; x++) pixels[4 * x + place] = alpha[x];
}

CPIXELS_INLINE void mix_block(
    const struct cpixels_unpacking *format, const struct words *words, uint8_t *target, int32_t columns) {
    // Without a remainder, whose scalar instructions spoil how the loop is compiled.
    const int32_t whole = (columns + batch - 1) & -batch, is_whole = whole == columns;
    uint32_t scratch[block];
    uint8_t *pixels = format->bytes_per_pixel == 4 && is_whole ? target : (uint8_t *)scratch;
    if (format->is_identity && format->first_color == 0) {
        mix(format, words, pixels, whole, 0, 1);
    } else if (format->is_identity) {
        mix(format, words, pixels, whole, 1, 1);
    } else if (format->first_color == 0) {
        mix(format, words, pixels, whole, 0, 0);
    } else {
        mix(format, words, pixels, whole, 1, 0);
    }
    if (format->bytes_per_pixel == 3) {
        narrow(scratch, target, columns);
    } else if (!is_whole) {
        memcpy(target, scratch, 4 * (size_t)columns);
    }
}

CPIXELS_INLINE void unpack(
    const struct cpixels_unpacking *format, const struct cpixels_planar_row *row, uint8_t *target, int32_t depth,
    int32_t step) {
    const int32_t bytes = depth == 8 ? 1 : 2;
    const uint16_t most = (uint16_t)((1 << depth) - 1);
    const struct reading as_luma = {bytes, 1, format->shift, most};
    const struct reading as_chroma = {bytes, step, format->shift, most};
    struct words words;
    // Without chroma it stays so; with it, the bytes after the last column are mixed as well, but not used.
    memset(&words, 0, sizeof words);
    for (int32_t x = 0; x < format->columns; x += block) {
        const int32_t count = smaller(block, format->columns - x);
        read_luma(row->luma + (ptrdiff_t)bytes * x, as_luma, 16 - depth, words.luma, count);
        if (row->first.near) {
            read_chroma(format, &row->first, x, as_chroma, depth, words.first, count);
            read_chroma(format, &row->last, x, as_chroma, depth, words.last, count);
        }
        uint8_t *pixels = target + (ptrdiff_t)format->bytes_per_pixel * x;
        mix_block(format, &words, pixels, count);
        if (row->alpha) set_alpha(row->alpha + x, format->first_color == 0 ? 3 : 0, pixels, count);
    }
}

CPIXELS_CLONED void cpixels_planar_to_packed(
    const struct cpixels_unpacking *format, const struct cpixels_planar_row *row, uint8_t *target) {
    if (format->depth == 8 && format->chroma_step == 1) {
        unpack(format, row, target, 8, 1);
    } else if (format->depth == 8) {
        unpack(format, row, target, 8, 2);
    } else if (format->chroma_step == 1) {
        unpack(format, row, target, format->depth, 1);
    } else {
        unpack(format, row, target, format->depth, 2);
    }
}
