internal import VideoTypes

#if canImport(Glibc)
    internal import Glibc
#elseif canImport(Darwin)
    internal import Darwin
#endif

/// The least PSNR that counts as the picture that went in: judged by what the rate or the quantizer allows.
struct ProbeQuality {
    let config: ValidatedEncoderConfig

    /// Decibels.
    ///
    /// - Parameter source: The first frame that is encoded.
    func least(_ source: borrowing VideoFrame) -> Double {
        let usual = CapabilityProbe.leastPSNR
        guard isCoarse else { return usual }
        // Of little rate little comes; but it has to be this picture, and not one of its mean.
        return min(usual, Self.flatness(source) + 1)
    }

    /// The requested bits are fewer than a picture of usual quality needs.
    private var isCoarse: Bool {
        let values = config.values
        switch config.rateControl {
        case .constant(let bitrate), .variable(let bitrate):
            let rate = (values.framerate ?? .thirty).approximate
            return Double(bitrate) < Self.usualBits * rate * Double(config.size.width * config.size.height)
        case .quality(let quality): return isCoarse(level: quality ?? 0)
        case .quantizer(let quantizer): return isCoarse(level: Double(quantizer))
        }
    }

    /// Bits a sample from which on the test pattern is well over 25 dB.
    private static let usualBits = 0.1

    private func isCoarse(level: Double) -> Bool {
        level > 0.6 * Double(QuantizerScale(config.codec.codec).levels.upperBound)
    }

    /// The PSNR of a picture's luma if all of it were its mean.
    private static func flatness(_ frame: borrowing VideoFrame) -> Double {
        let (layout, depth) = (frame.layout, frame.format.bitDepth)
        let (width, plane) = (layout.size.width, layout.planes[0])
        var (sum, squares) = (0.0, 0.0)
        frame.withBytes { bytes in
            for row in 0..<plane.rows {
                for column in 0..<width {
                    let sample = Self.sample(bytes, plane.offset + row * plane.stride, column, depth)
                    (sum, squares) = (sum + sample, squares + sample * sample)
                }
            }
        }
        let count = Double(width * plane.rows)
        let variance = max(1e-9, squares / count - (sum / count) * (sum / count))
        let peak = Double((1 << depth) - 1)
        return 10 * log10(peak * peak / variance)
    }

    private static func sample(_ bytes: RawSpan, _ row: Int, _ column: Int, _ depth: Int) -> Double {
        guard depth > 8 else { return Double(bytes.byte(row + column)) }
        return Double(Int(bytes.byte(row + 2 * column)) | Int(bytes.byte(row + 2 * column + 1)) << 8)
    }
}

extension RawSpan {
    fileprivate func byte(_ offset: Int) -> UInt8 {
        // SAFETY: a byte is valid for any bits, and the span checks the offset.
        unsafe unsafeLoad(fromByteOffset: offset, as: UInt8.self)
    }
}
