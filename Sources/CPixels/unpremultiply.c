// Colors that are multiplied by the alpha of another plane, divided by it. Doubles keep the quotient exact enough to round it.

#include "clones.h"
#include "cpixels.h"
#include "words.h"

CPIXELS_INLINE uint32_t sample(const uint8_t *row, int32_t x, int32_t bytes) {
    return bytes == 1 ? row[x] : ((const cpixels_word *)row)[x];
}

CPIXELS_INLINE uint32_t sum(const uint8_t *first, const uint8_t *second, int32_t x, int32_t bytes) {
    return sample(first, x, bytes) + sample(second, x, bytes);
}

void cpixels_alpha_sums(
    const uint8_t *first, const uint8_t *second, int32_t bytes, int32_t columns, enum cpixels_columns halving,
    uint32_t *target) {
    if (halving == cpixels_columns_all) {
        for (int32_t x = 0; x < columns; x++) target[x] = sum(first, second, x, bytes);
        return;
    }
    for (int32_t x = 0; x < columns; x += 2) {
        const uint32_t own = sum(first, second, x, bytes);
        const uint32_t right = sum(first, second, smaller(x + 1, columns - 1), bytes);
        const uint32_t left = sum(first, second, x == 0 ? 0 : x - 1, bytes);
        target[x / 2] = halving == cpixels_columns_left ? left + 2 * own + right : 2 * (own + right);
    }
}

CPIXELS_INLINE void unpremultiply(
    const struct cpixels_unpremultiplying *how, const uint32_t *restrict alpha, uint8_t *restrict samples,
    int32_t columns, int32_t bytes) {
    const double whole = how->whole, zero = how->zero, low = how->low, high = how->high;
    for (int32_t x = 0; x < columns; x++) {
        const double color = (double)sample(samples, x, bytes) - zero;
        const double straight = zero + (alpha[x] == 0 ? 0 : color * whole / alpha[x]);
        const double value = straight < low ? low : straight > high ? high : straight;
        put(samples, x, (int32_t)(value + 0.5), bytes);
    }
}

CPIXELS_CLONED void cpixels_unpremultiply(
    const struct cpixels_unpremultiplying *how, const uint32_t *alpha, uint8_t *samples, int32_t columns) {
    if (how->bytes == 1) {
        unpremultiply(how, alpha, samples, columns, 1);
    } else {
        unpremultiply(how, alpha, samples, columns, 2);
    }
}
