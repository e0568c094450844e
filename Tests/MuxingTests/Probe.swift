import Foundation
import TestSupport
import Testing

/// The ffprobe command's values for a file.
enum Probe {
    struct Packet: Equatable {
        var presentation = 0
        var decoding = 0
        var duration = 0
        var position = 0
        var size = 0
        var isKey = false
    }

    /// The members of the stream that are text or numbers, and those of its side data.
    static func stream(_ file: String, in folder: TemporaryFolder) throws -> [String: String] {
        var members: [String: String] = [:]
        for line in try run(["-show_streams", "-of", "flat=s=/", file], in: folder) {
            let parts = line.split(separator: "=", maxSplits: 1)
            guard parts.count == 2, let name = parts[0].split(separator: "/").last else { continue }
            members[String(name)] = parts[1].trimmingCharacters(in: ["\""])
        }
        return members
    }

    static func packets(_ file: String, in folder: TemporaryFolder) throws -> [Packet] {
        let entries = "packet=pts,dts,duration,size,pos,flags"
        return try run(["-show_entries", entries, "-of", "default=nk=0:nw=0", file], in: folder)
            .split(separator: "[PACKET]").map { lines in
                var packet = Packet()
                for line in lines {
                    let parts = line.split(separator: "=")
                    guard parts.count == 2 else { continue }
                    let number = Int(parts[1]) ?? 0
                    switch parts[0] {
                    case "pts": packet.presentation = number
                    case "dts": packet.decoding = number
                    case "duration": packet.duration = number
                    case "pos": packet.position = number
                    case "size": packet.size = number
                    case "flags": packet.isKey = parts[1].hasPrefix("K")
                    default: break
                    }
                }
                return packet
            }
    }

    private static func run(_ arguments: [String], in folder: TemporaryFolder) throws -> [String] {
        let (output, errors) = try folder.run("ffprobe", ["-v", "error"] + arguments)
        #expect(errors == "")
        return output.split(separator: "\n").map(String.init)
    }
}
