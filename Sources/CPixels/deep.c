// RGB of more than 8 bits, of floats or in planes to Y, Cb and Cr. A block of columns is read into floats, one array a color, which
// the weights are then applied to; 24 bits of fraction are enough for 16-bit samples and the sums of eight.

#include "clones.h"
#include "cpixels.h"
#include "words.h"

#include <stddef.h>

enum { block = 256 };

/// The colors of a block, with one column on either side.
struct colors {
    float red[block + 2];
    float green[block + 2];
    float blue[block + 2];
};

typedef float __attribute__((aligned(1), may_alias)) deep_float;

CPIXELS_INLINE void read_bytes(const uint8_t *restrict from, int32_t step, float *restrict to, int32_t columns) {
    for (int32_t x = 0; x < columns; x++) to[x] = (float)from[step * x];
}

CPIXELS_INLINE void read_words(
    const cpixels_word *restrict from, int32_t step, int32_t most, float *restrict to, int32_t columns) {
    for (int32_t x = 0; x < columns; x++) to[x] = (float)smaller(from[step * x], most);
}

CPIXELS_INLINE void read_bits(const uint8_t *restrict from, int32_t shift, float *restrict to, int32_t columns) {
    for (int32_t x = 0; x < columns; x++) to[x] = (float)(int32_t)(load(from + 4 * x) >> shift & 1023);
}

/// What is not a number counts as 0.
CPIXELS_INLINE void read_floats(const deep_float *restrict from, int32_t step, float *restrict to, int32_t columns) {
    for (int32_t x = 0; x < columns; x++) {
        const float value = from[step * x], positive = value > 0 ? value : 0;
        to[x] = positive < 1 ? positive : 1;
    }
}

/// One component of a block's pixels. `from` is its first sample, or the first word.
CPIXELS_INLINE void read_component(
    const struct cpixels_deep *format, const uint8_t *from, int32_t shift, int32_t x, float *restrict to,
    int32_t columns) {
    const int32_t step = format->step, most = (int32_t)format->most;
    const uint8_t *start = from + (ptrdiff_t)format->sample_bytes * step * x;
    switch (format->samples) {
    case cpixels_deep_bits: read_bits(start, shift, to, columns); break;
    case cpixels_deep_floats:
        if (step == 1) {
            read_floats((const deep_float *)start, 1, to, columns);
        } else {
            read_floats((const deep_float *)start, 4, to, columns);
        }
        break;
    case cpixels_deep_integers:
        if (format->sample_bytes == 1) {
            read_bytes(start, 1, to, columns);
        } else if (step == 1) {
            read_words((const cpixels_word *)start, 1, most, to, columns);
        } else if (step == 3) {
            read_words((const cpixels_word *)start, 3, most, to, columns);
        } else {
            read_words((const cpixels_word *)start, 4, most, to, columns);
        }
        break;
    }
}

/// What alpha does to one color of a block; results are in the color's range.
CPIXELS_INLINE void treat(
    const struct cpixels_deep *format, float background, const float *restrict alpha, float *restrict color,
    int32_t columns) {
    const float most = format->most, share = 1 / most;
    switch (format->alpha) {
    case cpixels_alpha_ignored: break;
    case cpixels_alpha_over:
        for (int32_t x = 0; x < columns; x++) {
            color[x] = background + (color[x] - background) * (alpha[x] * share);
        }
        break;
    case cpixels_alpha_premultiplied_over:
        for (int32_t x = 0; x < columns; x++) {
            const float sum = color[x] + background * (1 - alpha[x] * share);
            color[x] = sum < most ? sum : most;
        }
        break;
    case cpixels_alpha_unpremultiplied:
        for (int32_t x = 0; x < columns; x++) {
            const float divided = color[x] * most / (alpha[x] > 0 ? alpha[x] : most);
            color[x] = alpha[x] > 0 ? (divided < most ? divided : most) : 0;
        }
        break;
    }
}

CPIXELS_INLINE void read_block(
    const struct cpixels_deep *format, const struct cpixels_deep_row *row, int32_t x, struct colors *restrict to,
    int32_t columns) {
    read_component(format, row->red, format->red_shift, x, to->red + 1, columns);
    read_component(format, row->green, format->green_shift, x, to->green + 1, columns);
    read_component(format, row->blue, format->blue_shift, x, to->blue + 1, columns);
    if (format->alpha == cpixels_alpha_ignored) return;
    float alpha[block];
    read_component(format, row->alpha, 0, x, alpha, columns);
    treat(format, format->background[0], alpha, to->red + 1, columns);
    treat(format, format->background[1], alpha, to->green + 1, columns);
    treat(format, format->background[2], alpha, to->blue + 1, columns);
}

/// The offsets have the half that rounds. Luma cannot be out of range; the chroma of a pure color is half a step above it.
CPIXELS_INLINE void put_weighed(
    const float weights[4], const float *restrict red, const float *restrict green, const float *restrict blue,
    float share, uint8_t *restrict target, int32_t columns, int32_t bytes, int32_t most) {
    const float by_red = weights[0] * share, by_green = weights[1] * share, by_blue = weights[2] * share;
    const float offset = weights[3];
    for (int32_t x = 0; x < columns; x++) {
        const float value = red[x] * by_red + green[x] * by_green + blue[x] * by_blue + offset;
        put(target, x, smaller((int32_t)value, most), bytes);
    }
}

CPIXELS_INLINE void put_row(
    const float weights[4], const struct colors *restrict from, float share, uint8_t *target, int32_t first,
    int32_t columns, int32_t depth) {
    const int32_t most = (1 << depth) - 1;
    if (depth == 8) {
        put_weighed(weights, from->red + 1, from->green + 1, from->blue + 1, share, target + first, columns, 1, most);
    } else {
        put_weighed(
            weights, from->red + 1, from->green + 1, from->blue + 1, share, target + 2 * (ptrdiff_t)first, columns, 2,
            most);
    }
}

CPIXELS_INLINE void add(float *restrict sums, const float *restrict other, int32_t columns) {
    for (int32_t x = 1; x <= columns; x++) sums[x] += other[x];
}

/// Half of the columns: eight times their mean of two rows, or four times that of one that was doubled.
CPIXELS_INLINE void gather(
    enum cpixels_location location, const float *restrict sums, float *restrict to, int32_t columns) {
    if (location == cpixels_location_left) {
        for (int32_t x = 0; x < columns; x++) to[x] = sums[2 * x] + 2 * sums[2 * x + 1] + sums[2 * x + 2];
    } else {
        for (int32_t x = 0; x < columns; x++) to[x] = 2 * (sums[2 * x + 1] + sums[2 * x + 2]);
    }
}

/// The column before the block, which is the one that the last block ended with, or the first column again.
CPIXELS_INLINE void set_edges(float *colors, float before, int32_t columns, int32_t is_first) {
    colors[0] = is_first ? colors[1] : before;
    colors[columns + 1] = colors[columns];
}

CPIXELS_CLONED void cpixels_deep_to_halved(
    const struct cpixels_deep *format, enum cpixels_location location, const struct cpixels_deep_row *first,
    const struct cpixels_deep_row *second, int32_t columns, const struct cpixels_rows *target) {
    struct colors sums, other, halved;
    float before[3] = {0, 0, 0};
    for (int32_t x = 0; x < columns; x += block) {
        const int32_t count = smaller(block, columns - x), luma = smaller(count, target->luma_columns - x);
        read_block(format, first, x, &sums, count);
        put_row(format->luma, &sums, 1, target->luma, x, luma, format->depth);
        read_block(format, second, x, &other, count);
        if (target->second_luma) put_row(format->luma, &other, 1, target->second_luma, x, luma, format->depth);
        add(sums.red, other.red, count);
        add(sums.green, other.green, count);
        add(sums.blue, other.blue, count);
        set_edges(sums.red, before[0], count, x == 0);
        set_edges(sums.green, before[1], count, x == 0);
        set_edges(sums.blue, before[2], count, x == 0);
        const int32_t wanted = smaller((count + 1) / 2, target->chroma_columns - x / 2);
        gather(location, sums.red, halved.red + 1, wanted);
        gather(location, sums.green, halved.green + 1, wanted);
        gather(location, sums.blue, halved.blue + 1, wanted);
        put_row(format->cb, &halved, 0.125f, target->cb, x / 2, wanted, format->depth);
        put_row(format->cr, &halved, 0.125f, target->cr, x / 2, wanted, format->depth);
        before[0] = sums.red[count];
        before[1] = sums.green[count];
        before[2] = sums.blue[count];
    }
}

CPIXELS_CLONED void cpixels_deep_to_full(
    const struct cpixels_deep *format, const struct cpixels_deep_row *source, const struct cpixels_rows *target) {
    struct colors colors;
    for (int32_t x = 0; x < target->luma_columns; x += block) {
        const int32_t count = smaller(block, target->luma_columns - x);
        read_block(format, source, x, &colors, count);
        put_row(format->luma, &colors, 1, target->luma, x, count, format->depth);
        put_row(format->cb, &colors, 1, target->cb, x, count, format->depth);
        put_row(format->cr, &colors, 1, target->cr, x, count, format->depth);
    }
}

CPIXELS_CLONED void cpixels_deep_to_alpha(
    const struct cpixels_deep *format, const struct cpixels_deep_row *source, uint8_t *target, int32_t columns) {
    float alpha[block];
    const float scale = 255 / format->most;
    for (int32_t x = 0; x < columns; x += block) {
        const int32_t count = smaller(block, columns - x);
        read_component(format, source->alpha, 0, x, alpha, count);
        for (int32_t i = 0; i < count; i++) target[x + i] = (uint8_t)(int32_t)(alpha[i] * scale + 0.5f);
    }
}
