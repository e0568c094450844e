/// What libavcodec's decoder of OpenEXR does not read, or reads as something else, as OpenEXR's own library shows: it squares
/// floats that DWA compressed, reads the high half of integers, and takes X, Y and Z for red, green and blue.
enum EXRKind {
    @Sendable static func refusal(_ bytes: borrowing PictureBytes) -> String? {
        var bytes = copy bytes
        bytes.isBigEndian = false
        guard let flags = bytes.number(4, bytes: 4), flags & 0x1800 == 0, let found = try? EXRHeader(bytes),
            !found.channels.isEmpty
        else { return nil }
        let origin = found.displayOrigin
        guard origin == (0, 0) else {
            return
                "its display window begins at \(origin.x),\(origin.y): that kind of OpenEXR is not decoded (write a display window that begins at 0,0)"
        }
        guard let what = kind(found, isTiled: flags & 0x200 != 0) else { return nil }
        return
            "\(what): that kind of OpenEXR is not decoded (write R, G, B and A, or Y, of type HALF with ZIP or PIZ compression)"
    }

    private static func kind(_ header: EXRHeader, isTiled: Bool) -> String? {
        let channels = header.channels
        let names = channels.map(\.name)
        let all = names.joined(separator: ", ")
        let color = ["R", "G", "B"]
        let isRGB = color.allSatisfy(names.contains)
        // Names of other letters would be taken for these.
        guard isRGB || names.contains("Y") && names.allSatisfy({ !"RGBUVXZ".contains($0.uppercased()) }) else {
            let isLayered = names.contains { $0.contains(".") }
            return isLayered ? "its channels are layers (\(all))" : "its channels are \(all)"
        }
        guard isRGB || !names.contains("RY") && !names.contains("BY") else { return "its channels are \(all)" }
        let used = channels.filter { (isRGB ? color + ["A"] : ["Y", "A"]).contains($0.name) }
        let kinds = used.map(\.kind)
        guard let kind = kinds.first, kinds.allSatisfy({ $0 == kind }) else {
            return "its channels are of several types"
        }
        guard kind != .uint else { return "its channels are of type UINT" }
        return compression(header, kind, isRGB: isRGB && channels.count == used.count, isTiled: isTiled)
    }

    private static func compression(
        _ header: EXRHeader,
        _ kind: EXRHeader.Channel.Kind?,
        isRGB: Bool,
        isTiled: Bool
    ) -> String? {
        guard [8, 9].contains(header.compression) else { return nil }
        let name = header.compression == 8 ? "DWAA" : "DWAB"
        guard kind == .half else { return "its channels are of type FLOAT with \(name) compression" }
        guard isRGB else { return "its channels are others than R, G, B and A with \(name) compression" }
        return isTiled && header.compression == 9 ? "its tiles have DWAB compression" : nil
    }
}

/// Damage that libavcodec's decoder of OpenEXR passes over: chunks that it does not find are black.
enum EXRDamage {
    @Sendable static func find(_ bytes: borrowing PictureBytes) -> String? {
        var bytes = copy bytes
        bytes.isBigEndian = false
        guard let flags = bytes.number(4, bytes: 4), flags & 0x1800 == 0, let header = try? EXRHeader(bytes) else {
            return nil
        }
        let isTiled = flags & 0x200 != 0
        guard let chunks = try? header.chunks(isTiled: isTiled, bytes), chunks <= bytes.count / 8 else { return nil }
        var places: Set<[Int]> = []
        for chunk in 0..<chunks {
            guard let start = bytes.number(header.end + chunk * 8, bytes: 7),
                start >= header.end + chunks * 8, start < bytes.count,
                let place = place(at: start, header, isTiled: isTiled, bytes), places.insert(place).inserted
            else { return "chunk \(chunk) of \(chunks) is not where the table of chunks has it" }
        }
        return nil
    }

    /// The row, or the column and row of a tile, of a chunk that is one of the picture's and whole.
    private static func place(at start: Int, _ header: EXRHeader, isTiled: Bool, _ bytes: PictureBytes) -> [Int]? {
        let numbers = (0..<(isTiled ? 5 : 2)).compactMap { bytes.number(start + $0 * 4, bytes: 4) }
        guard numbers.count == (isTiled ? 5 : 2), let size = numbers.last, size > 0,
            bytes.slice(start + numbers.count * 4, size) != nil
        else { return nil }
        guard isTiled, let tile = header.tile else {
            let row = Int(Int32(truncatingIfNeeded: numbers[0])) - header.firstRow
            return (0..<header.rows).contains(row) ? [row] : nil
        }
        let (column, row) = (numbers[0], numbers[1])
        guard column <= (header.columns - 1) / tile.width, row <= (header.rows - 1) / tile.height,
            numbers[2] == 0, numbers[3] == 0
        else { return nil }
        return [column, row]
    }
}
