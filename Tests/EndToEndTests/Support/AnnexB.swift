/// A byte stream cut at its start codes (H.264 annex B).
struct AnnexB {
    /// Each NAL unit's bytes, without start code and trailing zeros.
    let units: [ArraySlice<UInt8>]

    init(_ bytes: [UInt8]) {
        var starts: [Int] = []
        var place = 2
        while place < bytes.count {
            if bytes[place] > 1 {
                place += 3
            } else if bytes[place] == 1, bytes[place - 1] == 0, bytes[place - 2] == 0 {
                starts.append(place + 1)
                place += 3
            } else {
                place += 1
            }
        }
        units = starts.indices.map { index in
            var end = index + 1 < starts.count ? starts[index + 1] - 3 : bytes.count
            while end > starts[index], bytes[end - 1] == 0 { end -= 1 }
            return bytes[starts[index]..<end]
        }
    }

    static func type(_ unit: ArraySlice<UInt8>) -> UInt8 { (unit.first ?? 0) & 0x1F }

    var types: [UInt8] { units.map(Self.type) }

    /// The types of the slices: 5 is IDR, 1 is not. One a frame where a frame has one slice.
    var sliceTypes: [UInt8] { types.filter { $0 == 1 || $0 == 5 } }

    /// What has to be the same for the same picture: everything but supplemental information.
    var withoutSEI: [ArraySlice<UInt8>] { units.filter { Self.type($0) != 6 } }
}
