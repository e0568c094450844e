// Packed 4:2:2 to and from a row of each of Y, Cb and Cr.

#include "clones.h"
#include "cpixels.h"
#include "words.h"

#include <stddef.h>
#include <string.h>

CPIXELS_INLINE void unpack(
    const uint8_t *restrict source, int32_t luma, int32_t columns, uint8_t *restrict y, uint8_t *restrict cb,
    uint8_t *restrict cr) {
    const int32_t chroma = 1 - luma, pairs = columns / 2;
    for (int32_t x = 0; x < pairs; x++) {
        const uint32_t word = load(source + 4 * x);
        y[2 * x] = (uint8_t)(word >> 8 * luma);
        y[2 * x + 1] = (uint8_t)(word >> (8 * luma + 16));
        cb[x] = (uint8_t)(word >> 8 * chroma);
        cr[x] = (uint8_t)(word >> (8 * chroma + 16));
    }
    if (columns % 2 == 0) return;
    y[2 * pairs] = source[4 * pairs + luma];
    cb[pairs] = source[4 * pairs + chroma];
    cr[pairs] = source[4 * pairs + chroma + 2];
}

CPIXELS_CLONED void cpixels_unpack_422(
    const uint8_t *source, int32_t luma, int32_t columns, uint8_t *y, uint8_t *cb, uint8_t *cr) {
    if (luma == 0) {
        unpack(source, 0, columns, y, cb, cr);
    } else {
        unpack(source, 1, columns, y, cb, cr);
    }
}

/// The three samples of a word.
CPIXELS_INLINE uint16_t low(uint32_t word) { return word & 1023; }
CPIXELS_INLINE uint16_t middle(uint32_t word) { return word >> 10 & 1023; }
CPIXELS_INLINE uint16_t high(uint32_t word) { return word >> 20 & 1023; }

/// Six pixels: Cb Y Cr, Y Cb Y, Cr Y Cb, Y Cr Y.
CPIXELS_INLINE void unpack_group(
    const uint8_t *restrict source, cpixels_word *restrict y, cpixels_word *restrict cb, cpixels_word *restrict cr) {
    const uint32_t a = load(source), b = load(source + 4), c = load(source + 8), d = load(source + 12);
    cb[0] = low(a), y[0] = middle(a), cr[0] = high(a);
    y[1] = low(b), cb[1] = middle(b), y[2] = high(b);
    cr[1] = low(c), y[3] = middle(c), cb[2] = high(c);
    y[4] = low(d), cr[2] = middle(d), y[5] = high(d);
}

CPIXELS_CLONED void cpixels_unpack_v210(
    const uint8_t *source, int32_t columns, uint8_t *y, uint8_t *cb, uint8_t *cr) {
    cpixels_word *luma = (cpixels_word *)y, *blue = (cpixels_word *)cb, *red = (cpixels_word *)cr;
    const int32_t groups = columns / 6, rest = columns % 6;
    for (int32_t g = 0; g < groups; g++) {
        unpack_group(source + (ptrdiff_t)16 * g, luma + 6 * g, blue + 3 * g, red + 3 * g);
    }
    if (rest == 0) return;
    uint16_t luma_rest[6], blue_rest[3], red_rest[3];
    unpack_group(source + (ptrdiff_t)16 * groups, luma_rest, blue_rest, red_rest);
    for (int32_t x = 0; x < rest; x++) luma[6 * groups + x] = luma_rest[x];
    for (int32_t x = 0; x < (rest + 1) / 2; x++) {
        blue[3 * groups + x] = blue_rest[x];
        red[3 * groups + x] = red_rest[x];
    }
}

CPIXELS_INLINE void pack(
    const uint8_t *restrict y, const uint8_t *restrict cb, const uint8_t *restrict cr, int32_t luma, int32_t columns,
    uint8_t *restrict target) {
    const int32_t chroma = 1 - luma, pairs = columns / 2;
    for (int32_t x = 0; x < pairs; x++) {
        target[4 * x + luma] = y[2 * x];
        target[4 * x + luma + 2] = y[2 * x + 1];
        target[4 * x + chroma] = cb[x];
        target[4 * x + chroma + 2] = cr[x];
    }
    if (columns % 2 == 0) return;
    target[4 * pairs + luma] = y[2 * pairs];
    target[4 * pairs + luma + 2] = y[2 * pairs];
    target[4 * pairs + chroma] = cb[pairs];
    target[4 * pairs + chroma + 2] = cr[pairs];
}

CPIXELS_CLONED void cpixels_pack_422(
    const uint8_t *y, const uint8_t *cb, const uint8_t *cr, int32_t luma, int32_t columns, uint8_t *target) {
    if (luma == 0) {
        pack(y, cb, cr, 0, columns, target);
    } else {
        pack(y, cb, cr, 1, columns, target);
    }
}

CPIXELS_INLINE void put_word(uint8_t *target, uint32_t a, uint32_t b, uint32_t c) {
    const uint32_t word = (a & 1023) | (b & 1023) << 10 | (c & 1023) << 20;
    memcpy(target, &word, sizeof word);
}

CPIXELS_INLINE void pack_group(
    const cpixels_word *restrict y, const cpixels_word *restrict cb, const cpixels_word *restrict cr,
    uint8_t *restrict target) {
    put_word(target, cb[0], y[0], cr[0]);
    put_word(target + 4, y[1], cb[1], y[2]);
    put_word(target + 8, cr[1], y[3], cb[2]);
    put_word(target + 12, y[4], cr[2], y[5]);
}

CPIXELS_CLONED void cpixels_pack_v210(
    const uint8_t *y, const uint8_t *cb, const uint8_t *cr, int32_t columns, uint8_t *target) {
    const cpixels_word *luma = (const cpixels_word *)y, *blue = (const cpixels_word *)cb, *red = (const cpixels_word *)cr;
    const int32_t groups = columns / 6, rest = columns % 6;
    for (int32_t g = 0; g < groups; g++) {
        pack_group(luma + 6 * g, blue + 3 * g, red + 3 * g, target + (ptrdiff_t)16 * g);
    }
    if (rest == 0) return;
    uint16_t luma_rest[6] = {0}, blue_rest[3] = {0}, red_rest[3] = {0};
    for (int32_t x = 0; x < rest; x++) luma_rest[x] = luma[6 * groups + x];
    for (int32_t x = 0; x < (rest + 1) / 2; x++) {
        blue_rest[x] = blue[3 * groups + x];
        red_rest[x] = red[3 * groups + x];
    }
    pack_group(luma_rest, blue_rest, red_rest, target + (ptrdiff_t)16 * groups);
}
