internal import CPosix
package import SystemPackage

/// The names of files that Sluice writes next to an output.
///
/// File systems take names of 255 bytes: of a longer one the beginning is kept, and a digest of the whole name replaces the
/// rest.
package enum SideFiles {
    private static let longest = 255
    private static let digits = 16

    /// The name with something after it: `out.mp4.partial`.
    package static func name(_ name: FileName, suffix: String) -> FileName {
        joined([], name, Array(suffix.utf8))
    }

    /// The hidden name with something after it: `.out.mp4.batch`.
    package static func hidden(_ name: FileName, suffix: String) -> FileName {
        joined([UInt8(ascii: ".")], name, Array(suffix.utf8))
    }

    /// The path of the same folder with ``name(_:suffix:)``.
    package static func path(_ path: FilePath, suffix: String) -> FilePath {
        let name = FileName(lastOf: path)
        return FilePath(bytes: path.bytes.dropLast(name.bytes.count) + Self.name(name, suffix: suffix).bytes)
    }

    private static func joined(_ prefix: [UInt8], _ name: FileName, _ suffix: [UInt8]) -> FileName {
        let room = longest - prefix.count - suffix.count
        guard name.bytes.count > room else { return FileName(prefix + name.bytes + suffix) }
        let digest = Array("~\(hexadecimal(digest([name.bytes])))".utf8)
        return FileName(prefix + beginning(name.bytes, room - digest.count) + digest + suffix)
    }

    /// At most this number of bytes, and no part of a character.
    private static func beginning(_ bytes: [UInt8], _ count: Int) -> ArraySlice<UInt8> {
        var end = min(count, bytes.count)
        while end > 0, end < bytes.count, bytes[end] & 0xC0 == 0x80 { end -= 1 }
        return bytes[..<end]
    }

    /// FNV-1a in 64 bits, of parts that cannot run into each other.
    static func digest(_ parts: [[UInt8]]) -> UInt64 {
        parts.reduce(0xcbf2_9ce4_8422_2325) { hash, part in
            (Array("\(part.count):".utf8) + part).reduce(hash) { ($0 ^ UInt64($1)) &* 0x100_0000_01b3 }
        }
    }

    static func hexadecimal(_ number: UInt64) -> String {
        let text = String(number, radix: 16)
        return String(repeating: "0", count: digits - text.count) + text
    }
}

// Hidden names for incomplete files, and the removal of those that killed processes left.
extension SideFiles {
    /// A temporary name for a file of the place: it shows the place, and that it is temporary.
    package static func temporary(of place: NamedPlace) -> FileName {
        temporary(place.name, random: hexadecimal(UInt64.random(in: .min ... .max)))
    }

    private static func temporary(_ name: FileName, random: String) -> FileName {
        let proof = hexadecimal(digest([Array("sluice".utf8), name.bytes, Array(random.utf8)]))
        return hidden(name, suffix: ".\(random)\(proof).sluice")
    }

    /// Whether a name is one that ``temporary(of:)`` gives for a place.
    static func isTemporary(_ candidate: FileName, of place: NamedPlace) -> Bool {
        let text = candidate.bytes.dropLast(".sluice".utf8.count).suffix(2 * digits)
        let random = String(decoding: text.prefix(digits), as: UTF8.self)
        return candidate == temporary(place.name, random: random)
    }

    /// Removes the temporary files for this place that killed processes left: regular files of this user with a name of ours
    /// and without a lock.
    package static func removeStale(of place: NamedPlace) {
        for name in place.folder.names where isTemporary(name, of: place) {
            let left = place.sibling(name)
            guard let (file, entry) = left.openRegular() else { continue }
            defer { try? file.close() }
            guard entry.isOurs, cposix_lock(file.rawValue) == 0, left.entry?.isSame(as: entry) == true else { continue }
            left.unlink()
        }
    }
}
