/// Leaves a decoder the SEI messages that it makes pictures with, as far as they are sound.
///
/// A strict decoder takes a fault in any of them for damage, and no such fault makes a picture wrong: a buffering period for a
/// sequence parameter set that comes later, user data that are too short. What a decoder only passes on is not given to it.
package struct SEISelection: Sendable {
    private let isHEVC: Bool
    private let framing: NALUnitFraming
    /// A sequence parameter set has come, which some messages are read by.
    private var hasSequence: Bool

    /// A selection at the beginning of a stream.
    ///
    /// - Parameters:
    ///   - isHEVC: HEVC rather than H.264.
    ///   - lengthSize: Bytes of the lengths before NAL units; `nil` with start codes.
    package init(isHEVC: Bool, lengthSize: Int?) {
        (self.isHEVC, hasSequence) = (isHEVC, lengthSize != nil)
        framing = NALUnitFraming(lengthSize: lengthSize)
    }

    /// The unit as a decoder is to have it; `nil` where that is as it is, or where it cannot be read.
    package mutating func selected(_ unit: [UInt8]) -> [UInt8]? {
        guard let nalUnits = try? framing.split(unit) else { return nil }
        var (kept, isChanged): ([ArraySlice<UInt8>], Bool) = ([], false)
        for nalUnit in nalUnits {
            if isSequence(nalUnit) { hasSequence = true }
            guard isSEI(nalUnit), let changed = changed(nalUnit) else {
                kept.append(nalUnit)
                continue
            }
            isChanged = true
            if !changed.isEmpty { kept.append(changed[...]) }
        }
        // A decoder takes no bytes for the end of the stream.
        return isChanged && !kept.isEmpty ? framing.joined(kept) : nil
    }

    private func isSequence(_ nalUnit: ArraySlice<UInt8>) -> Bool {
        guard let first = nalUnit.first else { return false }
        return isHEVC
            ? HEVCNALUnitType(firstByte: first) == .sequenceParameterSet
            : NALUnitType(firstByte: first) == .sequenceParameterSet
    }

    private func isSEI(_ nalUnit: ArraySlice<UInt8>) -> Bool {
        guard let first = nalUnit.first else { return false }
        return isHEVC
            ? [.prefixSEI, .suffixSEI].contains(HEVCNALUnitType(firstByte: first))
            : NALUnitType(firstByte: first) == .sei
    }

    /// The NAL unit with only the messages to keep, empty without any; `nil` if all are kept.
    private func changed(_ nalUnit: ArraySlice<UInt8>) -> [UInt8]? {
        let headerBytes = isHEVC ? 2 : 1
        let (messages, areWhole) = SEIMessage.read(nalUnit, headerBytes: headerBytes)
        let kept = messages.filter(isKept)
        guard !areWhole || kept.count < messages.count else { return nil }
        guard !kept.isEmpty else { return [] }
        return EmulationPrevention.escape(Array(nalUnit.prefix(headerBytes)) + kept.flatMap(\.bytes) + [0x80])
    }

    /// Whether a decoder makes something of a message, and it is as long as it has to be.
    private func isKept(_ message: SEIMessage) -> Bool {
        let size = message.payload.count
        switch message.type {
        case 1: return hasSequence && size <= 40  // Picture timing: fields.
        case 5: return !isHEVC && size >= 16  // The encoder's version, for whose faults decoders make up.
        case 6: return hasSequence && !isHEVC && message.recoveryFrameCount != nil
        case 132: return isHEVC && size > 0  // The picture's hash.
        case 137: return size >= 24  // The mastering display.
        case 144: return size >= 4  // The light level.
        case 147: return size >= 1  // Another transfer function.
        default: return false
        }
    }
}

extension SEIMessage {
    /// `recovery_frame_cnt` of a recovery point (H.264 D.2.8): frames until pictures are right where decoding begins here;
    /// `nil` in other messages, and in one that cannot be read.
    package var recoveryFrameCount: Int? {
        guard type == 6 else { return nil }
        var reader = BitReader(payload)
        return try? reader.ue("recovery_frame_cnt", in: 0...65535)
    }

    /// `recovery_poc_cnt` of a recovery point (H.265 D.3.8): after how many pictures, in output order, pictures are correct if
    /// decoding begins here; `nil` in other messages, and in one that cannot be read.
    package var recoveryOrderCount: Int? {
        guard type == 6 else { return nil }
        var reader = BitReader(payload)
        return try? reader.se("recovery_poc_cnt", in: -32768...32767)
    }
}
