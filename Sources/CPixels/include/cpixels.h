// The pixel kernels: plain loops over rows that the caller gives. They allocate nothing, keep no state, and touch no
// byte outside the rows as they are described here; rows need no alignment. Sources and targets must not overlap.
//
// Thread-safety: any number of calls at once.

#ifndef CPIXELS_H
#define CPIXELS_H

#include <stdint.h>

/// Where the chroma samples stand that halving makes (H.264 figure E-1).
enum cpixels_location {
    /// On the even columns: [1 2 1] / 4 around each, the row's edges repeated.
    cpixels_location_left = 0,
    /// Between two columns: the mean of the two, the row's last column repeated.
    cpixels_location_center = 1,
};

/// How the bytes of a packed pixel stand, and what each weighs in Y, Cb and Cr.
struct cpixels_packed {
    /// 3 or 4.
    int32_t bytes_per_pixel;
    /// The place of the first of three adjacent color bytes: 1 if a byte of alpha or padding stands before, else 0.
    int32_t first_color;
    /// The weights of the three color bytes, in the order in which they stand, in units of 1/32768.
    int16_t luma[3];
    int16_t cb[3];
    int16_t cr[3];
    /// What luma is for black: 16 in limited range, 0 in full range.
    int16_t black;
};

/// Y, Cb and Cr rows of one picture. A row is written up to its number of columns and not beyond.
struct cpixels_rows {
    /// The first luma row.
    uint8_t *luma;
    /// The second luma row, or null if it is not wanted.
    uint8_t *second_luma;
    /// The blue-difference row.
    uint8_t *cb;
    /// The red-difference row.
    uint8_t *cr;
    /// Luma columns to write; no more than the source has.
    int32_t luma_columns;
    /// Chroma columns to write; no more than the source's, or half of them, rounded up.
    int32_t chroma_columns;
};

/// Two rows of packed RGB to two rows of luma and one of chroma, each chroma sample from the filtered sum of its RGB.
/// With both rows the same this is 4:2:2, and 4:2:0 of an odd last row.
void cpixels_packed_to_halved(
    const struct cpixels_packed *format, enum cpixels_location location, const uint8_t *first, const uint8_t *second,
    int32_t columns, const struct cpixels_rows *target);

/// One row of packed RGB to one row of each of Y, Cb and Cr.
void cpixels_packed_to_full(
    const struct cpixels_packed *format, const uint8_t *source, const struct cpixels_rows *target);

/// A row of half the columns from two rows: halved as `location` says, their mean downwards, rounded once.
/// With both rows the same this halves one row.
void cpixels_halve(
    enum cpixels_location location, const uint8_t *first, const uint8_t *second, int32_t columns, uint8_t *target,
    int32_t target_columns);

/// The rounded mean of two rows.
void cpixels_mean(const uint8_t *first, const uint8_t *second, uint8_t *target, int32_t columns);

/// Full-range gray (0...255) to limited-range luma (16...235).
void cpixels_gray_to_limited(const uint8_t *source, uint8_t *target, int32_t columns);

#endif
