internal import CPixels

extension Kernels {
    /// All bits that are 1 in at least one of the samples of two bytes.
    static func usedBits(_ samples: RawSpan) -> UInt16 {
        unsafe samples.withUnsafeBytes { bytes in
            guard let start = bytes.baseAddress else { return 0 }
            // SAFETY: reads half as many words as there are bytes.
            return unsafe cpixels_used_bits(start.assumingMemoryBound(to: UInt8.self), bytes.count / 2)
        }
    }

    /// The first of the samples of two bytes that has one of the bits.
    static func firstSample(withAnyOf bits: UInt16, in samples: RawSpan) -> UInt16? {
        for offset in stride(from: 0, to: samples.byteCount - 1, by: 2) {
            // SAFETY: two bytes from the offset on are within the span.
            let word = unsafe samples.unsafeLoadUnaligned(fromUncheckedByteOffset: offset, as: UInt16.self)
            if word.littleEndian & bits != 0 { return word.littleEndian }
        }
        return nil
    }
}
