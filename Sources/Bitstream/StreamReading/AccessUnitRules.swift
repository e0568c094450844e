internal import VideoTypes

/// Where access units begin: H.264 7.4.1.2.3 and H.265 7.4.2.4.4, for streams without arbitrary slice order and with one
/// spatial layer.
///
/// The first bit after the header marks a picture's first slice: the slice that contains the picture's first block. NAL units
/// before it that may not follow a slice belong to the same picture.
struct AccessUnitRules: Sendable {
    private let isHEVC: Bool
    private var hasPicture = false
    /// Where the next access unit begins if the next slice is a picture's first.
    private var candidate: Int?

    /// Bytes of a NAL unit that are looked at.
    let headerBytes: Int

    init(isHEVC: Bool) {
        self.isHEVC = isHEVC
        headerBytes = isHEVC ? 3 : 2
    }

    private enum Role { case delimiter, prefix, firstSlice, furtherSlice, other }

    /// Looks at the next NAL unit.
    ///
    /// - Parameters:
    ///   - position: Where it begins.
    ///   - header: Its first ``headerBytes`` bytes, or the whole unit.
    /// - Returns: Where the access unit before this one ends, if that is known by now.
    mutating func boundary(at position: Int, header: ArraySlice<UInt8>) -> Int? {
        switch role(of: header) {
        case .delimiter where hasPicture:
            return begin(at: candidate ?? position, hasPicture: false)
        case .prefix where hasPicture:
            candidate = candidate ?? position
        case .firstSlice where hasPicture:
            return begin(at: candidate ?? position, hasPicture: true)
        case .firstSlice, .furtherSlice:
            // A further slice proves that what was before it was within the picture.
            (hasPicture, candidate) = (true, nil)
        case .delimiter, .prefix, .other:
            break
        }
        return nil
    }

    private mutating func begin(at position: Int, hasPicture: Bool) -> Int {
        (self.hasPicture, candidate) = (hasPicture, nil)
        return position
    }

    private func role(of header: ArraySlice<UInt8>) -> Role {
        guard let first = header.first else { return .other }
        let isFirstSlice = header.count == headerBytes && header.last.map { $0 & 0x80 != 0 } == true
        return isHEVC
            ? hevcRole(HEVCNALUnitType(firstByte: first).rawValue, isFirstSlice)
            : avcRole(NALUnitType(firstByte: first).rawValue, isFirstSlice)
    }

    private func avcRole(_ type: UInt8, _ isFirstSlice: Bool) -> Role {
        switch type {
        case 9: .delimiter
        case 6...8, 14...18: .prefix
        case 1, 2, 5: isFirstSlice ? .firstSlice : .furtherSlice
        default: .other
        }
    }

    private func hevcRole(_ type: UInt8, _ isFirstSlice: Bool) -> Role {
        switch type {
        case 35: .delimiter
        case 32...34, 39, 41...44, 48...55: .prefix
        case 0...31: isFirstSlice ? .firstSlice : .furtherSlice
        default: .other
        }
    }
}
