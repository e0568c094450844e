// How far two planes of samples are from each other: squared errors, and structural similarity (Z. Wang, A. C. Bovik,
// H. R. Sheikh, E. P. Simoncelli, "Image quality assessment: from error visibility to structural similarity", IEEE
// Transactions on Image Processing 13, 2004) in windows of 8 by 8 samples, four apart, as x264 and FFmpeg have it.

#include "clones.h"
#include "cpixels.h"
#include "words.h"

#include <stddef.h>

enum {
    /// Columns whose squared errors are summed up in 32 bits: 255 * 255 each.
    narrow_block = 1 << 14,
    /// Squares of four by four samples that are summed up at a time, and one more that the last window reaches into.
    squares = 64,
    strip = 4 * (squares + 1)
};

/// What is known of each square in a row of them.
struct sums {
    uint32_t first[squares + 1];
    uint32_t second[squares + 1];
    uint32_t squared[squares + 1];
    uint32_t product[squares + 1];
};

/// The same of each column, four samples high.
struct columns {
    uint32_t first[strip];
    uint32_t second[strip];
    uint32_t squared[strip];
    uint32_t product[strip];
};

/// The layout of samples; bytes and step are constants where speed matters.
struct reading {
    int32_t bytes, step, shift, most;
};

/// A value out of the depth's range would overflow the sums.
CPIXELS_INLINE int32_t sample(const uint8_t *row, int32_t x, struct reading as) {
    if (as.bytes == 1) return row[as.step * x];
    return smaller(((const cpixels_word *)row)[as.step * x] >> as.shift, as.most);
}

CPIXELS_INLINE uint64_t bytes_error(
    const uint8_t *restrict first, const uint8_t *restrict second, int32_t step, int32_t columns) {
    uint64_t sum = 0;
    for (int32_t start = 0; start < columns; start += narrow_block) {
        const uint8_t *restrict a = first + (ptrdiff_t)step * start, *restrict b = second + (ptrdiff_t)step * start;
        const int32_t count = smaller(narrow_block, columns - start);
        uint32_t narrow = 0;
        for (int32_t x = 0; x < count; x++) {
            const int16_t difference = (int16_t)(a[step * x] - b[step * x]);
            narrow += (uint32_t)(difference * difference);
        }
        sum += narrow;
    }
    return sum;
}

CPIXELS_INLINE uint64_t words_error(
    const uint8_t *restrict first, const uint8_t *restrict second, struct reading as, int32_t columns) {
    uint64_t sum = 0;
    for (int32_t x = 0; x < columns; x++) {
        const int64_t difference = sample(first, x, as) - sample(second, x, as);
        sum += (uint64_t)(difference * difference);
    }
    return sum;
}

CPIXELS_CLONED uint64_t cpixels_squared_error(
    const struct cpixels_samples *how, const uint8_t *first, const uint8_t *second, int32_t columns) {
    if (how->bytes == 1 && how->step == 1) return bytes_error(first, second, 1, columns);
    if (how->bytes == 1) return bytes_error(first, second, how->step, columns);
    if (how->step == 1) return words_error(first, second, (struct reading){2, 1, how->shift, how->most}, columns);
    return words_error(first, second, (struct reading){2, how->step, how->shift, how->most}, columns);
}

CPIXELS_INLINE void add_row(
    struct columns *restrict columns, const uint8_t *restrict first, const uint8_t *restrict second, struct reading as,
    int32_t count) {
    for (int32_t x = 0; x < count; x++) {
        const uint32_t a = (uint32_t)sample(first, x, as), b = (uint32_t)sample(second, x, as);
        columns->first[x] += a;
        columns->second[x] += b;
        columns->squared[x] += a * a + b * b;
        columns->product[x] += a * b;
    }
}

CPIXELS_INLINE void gather(const uint32_t *restrict columns, uint32_t *restrict sums, int32_t count) {
    for (int32_t x = 0; x < count; x++) {
        sums[x] = columns[4 * x] + columns[4 * x + 1] + columns[4 * x + 2] + columns[4 * x + 3];
    }
}

/// A row of squares.
CPIXELS_INLINE void sum_squares(
    struct sums *restrict sums, const uint8_t *first, ptrdiff_t first_stride, const uint8_t *second,
    ptrdiff_t second_stride, struct reading as, int32_t count) {
    struct columns columns;
    memset(&columns, 0, sizeof columns);
    for (int32_t y = 0; y < 4; y++) {
        add_row(&columns, first + y * first_stride, second + y * second_stride, as, 4 * count);
    }
    gather(columns.first, sums->first, count);
    gather(columns.second, sums->second, count);
    gather(columns.squared, sums->squared, count);
    gather(columns.product, sums->product, count);
}

CPIXELS_INLINE double of_window(const uint32_t *restrict upper, const uint32_t *restrict lower, int32_t x) {
    return (double)upper[x] + (double)upper[x + 1] + (double)lower[x] + (double)lower[x + 1];
}

/// The similarities of the windows of two rows of squares. The windows have 64 samples, with sums instead of means; the
/// variance is that of a sample, over 63. The first constant is a 64th of the paper's, as in x264 and FFmpeg: it is added to
/// products of sums, which are 64 times 64 as large as those of means.
CPIXELS_INLINE double compare_windows(
    const struct sums *restrict upper, const struct sums *restrict lower, int32_t windows, double most) {
    const double c1 = .01 * .01 * most * most * 64, c2 = .03 * .03 * most * most * 64 * 63;
    double similarities[squares];
    for (int32_t x = 0; x < windows; x++) {
        const double first = of_window(upper->first, lower->first, x);
        const double second = of_window(upper->second, lower->second, x);
        const double squared = of_window(upper->squared, lower->squared, x);
        const double product = of_window(upper->product, lower->product, x);
        const double means = first * second, powers = first * first + second * second;
        const double variances = squared * 64 - powers, covariance = product * 64 - means;
        similarities[x] = (2 * means + c1) * (2 * covariance + c2) / ((powers + c1) * (variances + c2));
    }
    double sum = 0;
    for (int32_t x = 0; x < windows; x++) sum += similarities[x];
    return sum;
}

/// The windows of a strip of columns, from the top to the bottom.
CPIXELS_INLINE double compare_strip(
    const uint8_t *first, ptrdiff_t first_stride, const uint8_t *second, ptrdiff_t second_stride, int32_t windows,
    int32_t rows, struct reading as, double most) {
    struct sums sums[2];
    double sum = 0;
    for (int32_t y = 0; y < rows / 4; y++) {
        struct sums *here = &sums[y & 1];
        sum_squares(here, first, first_stride, second, second_stride, as, windows + 1);
        if (y > 0) sum += compare_windows(&sums[~y & 1], here, windows, most);
        first += 4 * first_stride, second += 4 * second_stride;
    }
    return sum;
}

CPIXELS_INLINE double compare(
    const uint8_t *first, ptrdiff_t first_stride, const uint8_t *second, ptrdiff_t second_stride, int32_t columns,
    int32_t rows, struct reading as, double most) {
    double sum = 0;
    for (int32_t x = 0; x < columns / 4 - 1; x += squares) {
        const int32_t windows = smaller(squares, columns / 4 - 1 - x);
        const ptrdiff_t offset = (ptrdiff_t)4 * as.bytes * as.step * x;
        sum += compare_strip(first + offset, first_stride, second + offset, second_stride, windows, rows, as, most);
    }
    return sum;
}

CPIXELS_CLONED double cpixels_similarity(
    const struct cpixels_samples *how, const uint8_t *first, ptrdiff_t first_stride, const uint8_t *second,
    ptrdiff_t second_stride, int32_t columns, int32_t rows) {
    const double most = how->most;
    if (how->bytes == 1 && how->step == 1) {
        return compare(
            first, first_stride, second, second_stride, columns, rows, (struct reading){1, 1, 0, 255}, most);
    }
    if (how->bytes == 1) {
        return compare(
            first, first_stride, second, second_stride, columns, rows, (struct reading){1, how->step, 0, 255}, most);
    }
    return compare(
        first, first_stride, second, second_stride, columns, rows, (struct reading){2, how->step, how->shift, how->most}, most);
}
