/// A frame of AAC in a transport stream: after a header with the values that containers store once (ISO/IEC 14496-3 1.A.2.2).
package struct ADTSFrame: Hashable, Sendable {
    /// What sets up a decoder for frames without headers: `AudioSpecificConfig` (ISO/IEC 14496-3 1.6.2.1).
    package let config: AACConfig
    /// The frame after its header.
    package let payload: ArraySlice<UInt8>

    /// Takes a frame apart.
    ///
    /// - Throws: ``BitstreamError`` if the bytes are not one frame.
    package init(parsing bytes: [UInt8]) throws(BitstreamError) {
        guard bytes.count > 7 else {
            throw BitstreamError(
                .truncated,
                "an ADTS frame of \(bytes.count) bytes",
                at: .byte(0),
                expected: "8 or more"
            )
        }
        guard bytes[0] == 0xFF, bytes[1] & 0xF6 == 0xF0 else {
            throw BitstreamError(.invalid, "no ADTS syncword", at: .byte(0), expected: "FFF")
        }
        let length = Int(bytes[3] & 3) << 11 | Int(bytes[4]) << 3 | Int(bytes[5] >> 5)
        // A checksum of two bytes, unless protection is absent.
        let header = bytes[1] & 1 == 1 ? 7 : 9
        guard length == bytes.count, length > header else {
            let expected = "\(bytes.count), the size of the packet"
            throw BitstreamError(.invalid, "frame_length \(length)", at: .bit(30), expected: expected)
        }
        guard bytes[6] & 3 == 0 else {
            throw BitstreamError(.unsupported, "more than one block in an ADTS frame", at: .bit(54), expected: "one")
        }
        config = try AACConfig(
            objectType: bytes[2] >> 6 + 1,
            samplingIndex: bytes[2] >> 2 & 15,
            channels: (bytes[2] & 1) << 2 | bytes[3] >> 6
        )
        payload = bytes[header...]
    }
}

/// The beginning of an `AudioSpecificConfig` (ISO/IEC 14496-3 1.6.2.1): all that AAC without extensions needs.
package struct AACConfig: Hashable, Sendable {
    private static let rates = [
        96000, 88200, 64000, 48000, 44100, 32000, 24000, 22050, 16000, 12000, 11025, 8000, 7350,
    ]

    /// `audioObjectType`: 2 for AAC LC.
    package let objectType: UInt8
    /// `samplingFrequencyIndex`, 0 to 12.
    package let samplingIndex: UInt8
    /// `channelConfiguration`: as many channels, but that 7 means eight.
    package let channels: UInt8

    package init(objectType: UInt8, samplingIndex: UInt8, channels: UInt8) throws(BitstreamError) {
        guard samplingIndex < Self.rates.count else {
            throw .outOfRange("sampling_frequency_index", Int(samplingIndex), in: 0...12, at: 18)
        }
        guard channels > 0 else {
            throw BitstreamError(.unsupported, "channel_configuration 0", at: .bit(23), expected: "1...7")
        }
        (self.objectType, self.samplingIndex, self.channels) = (objectType, samplingIndex, channels)
    }

    /// The header for a number of channels at a sample rate; `nil` if either has no index.
    ///
    /// - Parameters:
    ///   - objectType: 1 to 4: Main, LC, SSR, LTP.
    ///   - sampleRate: Samples a second.
    ///   - channels: Channels.
    package init?(objectType: UInt8, sampleRate: Int, channels: Int) {
        guard let index = Self.rates.firstIndex(of: sampleRate), [1, 2, 3, 4, 5, 6, 8].contains(channels) else {
            return nil
        }
        (self.objectType, samplingIndex) = (objectType, UInt8(index))
        self.channels = channels == 8 ? 7 : UInt8(channels)
    }

    /// The two bytes.
    package var bytes: [UInt8] { [objectType << 3 | samplingIndex >> 1, (samplingIndex & 1) << 7 | channels << 3] }
}
