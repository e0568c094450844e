// What transparency does to the colors of packed pixels, four bytes a pixel.

#ifndef CPIXELS_ALPHA_H
#define CPIXELS_ALPHA_H

#include "cpixels.h"
#include "words.h"

/// Every second byte of a word, in 16-bit halves: two channels are worked on at once.
CPIXELS_INLINE uint32_t even(uint32_t word) { return word & 0xff00ff; }

/// Both halves, of at most 255 * 255, divided by 255 and rounded.
CPIXELS_INLINE uint32_t divided_by_255(uint32_t halves) {
    const uint32_t rounding = halves + 0x800080;
    return even((rounding + even(rounding >> 8)) >> 8);
}

/// Both halves, of at most 510, or 255 where they are more.
CPIXELS_INLINE uint32_t saturated(uint32_t halves) { return even(halves | (halves >> 8 & 0x10001) * 255); }

CPIXELS_INLINE uint32_t over(uint32_t color, uint32_t background, uint32_t alpha) {
    return divided_by_255(color * alpha + background * (255 - alpha));
}

CPIXELS_INLINE uint32_t premultiplied_over(uint32_t color, uint32_t background, uint32_t alpha) {
    return saturated(color + divided_by_255(background * (255 - alpha)));
}

/// `color * 255 / alpha`, rounded, at most 255. The quotient of two such numbers is never so near below a whole number
/// that a float rounds it up.
CPIXELS_INLINE uint32_t unpremultiplied(uint32_t color, uint32_t alpha) {
    const int32_t twice = (int32_t)(2 * 255 * color + alpha), divisor = (int32_t)(2 * alpha);
    // The color is 0 where alpha is 0, as it should be.
    const int32_t value = (int32_t)((float)twice / (float)(divisor == 0 ? 1 << 30 : divisor));
    return (uint32_t)smaller(value, 255);
}

/// A block of pixels as they are to be converted.
CPIXELS_INLINE void treat_alpha(
    const struct cpixels_packed *format, const uint8_t *restrict source, uint32_t *restrict target, int32_t columns) {
    const int32_t shift = format->first_color == 0 ? 24 : 0;
    const uint32_t low = even(format->background), high = even(format->background >> 8);
    switch (format->alpha) {
    case cpixels_alpha_ignored: break;
    case cpixels_alpha_over:
        for (int32_t x = 0; x < columns; x++) {
            const uint32_t pixel = load(source + 4 * x), alpha = pixel >> shift & 0xff;
            target[x] = over(even(pixel), low, alpha) | over(even(pixel >> 8), high, alpha) << 8;
        }
        break;
    case cpixels_alpha_premultiplied_over:
        for (int32_t x = 0; x < columns; x++) {
            const uint32_t pixel = load(source + 4 * x), alpha = pixel >> shift & 0xff;
            target[x] = premultiplied_over(even(pixel), low, alpha)
                | premultiplied_over(even(pixel >> 8), high, alpha) << 8;
        }
        break;
    case cpixels_alpha_unpremultiplied:
        for (int32_t x = 0; x < columns; x++) {
            const uint32_t pixel = load(source + 4 * x), alpha = pixel >> shift & 0xff;
            const int32_t first = 8 * format->first_color;
            uint32_t colors = unpremultiplied(pixel >> first & 0xff, alpha);
            colors |= unpremultiplied(pixel >> (first + 8) & 0xff, alpha) << 8;
            colors |= unpremultiplied(pixel >> (first + 16) & 0xff, alpha) << 16;
            target[x] = colors << first;
        }
        break;
    }
}

#endif
