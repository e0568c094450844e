internal import CPosix
package import SystemPackage

#if canImport(Glibc)
    internal import Glibc
#elseif canImport(Darwin)
    internal import Darwin
#endif

/// The bytes of a name in a folder, or of a path: compared, hashed and ordered as bytes, for that is what the system does.
package struct FileName: Hashable, Comparable, Sendable {
    /// The bytes, none of which is 0.
    package let bytes: [UInt8]

    /// The bytes up to the first NUL, if there is one.
    package init(_ bytes: some Sequence<UInt8>) { self.bytes = Array(bytes.prefix { $0 != 0 }) }

    /// The last component of a path; empty without one.
    package init(lastOf path: FilePath) {
        self.init(path.bytes.split(separator: UInt8(ascii: "/")).last ?? [])
    }

    package static func < (first: FileName, second: FileName) -> Bool {
        first.bytes.lexicographicallyPrecedes(second.bytes)
    }

    /// The name as a text that ``FilePath/init(spelled:)`` takes back.
    package var spelled: String { Spelling.text(bytes) }

    /// The name without its extension: what is before the last dot, unless that is the first byte.
    package var stem: FileName {
        guard let dot = bytes.lastIndex(of: UInt8(ascii: ".")), dot > 0, bytes != Array("..".utf8) else { return self }
        return FileName(bytes[..<dot])
    }

    /// Lends the name as C has it.
    package func withCString<Result>(_ body: (UnsafePointer<CChar>) -> Result) -> Result {
        let characters = bytes.map { CChar(bitPattern: $0) } + [0]
        // SAFETY: the pointer is used within the call, and the characters end with a NUL.
        return unsafe characters.withUnsafeBufferPointer {
            guard let start = $0.baseAddress else { preconditionFailure("an empty array of characters") }
            return unsafe body(start)
        }
    }
}

extension FilePath {
    /// The path with these bytes.
    package init(bytes: some Sequence<UInt8>) {
        let characters = bytes.prefix { $0 != 0 }.map { CChar(bitPattern: $0) } + [0]
        // SAFETY: the characters end with a NUL, and are copied.
        self = unsafe characters.withUnsafeBufferPointer {
            guard let start = $0.baseAddress else { preconditionFailure("an empty array of characters") }
            return unsafe FilePath(platformString: start)
        }
    }

    /// The path that a text spells: see ``spelled``.
    package init(spelled text: String) { self.init(bytes: Spelling.bytes(text)) }

    /// The bytes of the path.
    package var bytes: [UInt8] {
        unsafe withPlatformString { start in
            // SAFETY: the string ends with a NUL, and is copied within the closure.
            unsafe UnsafeBufferPointer(start: start, count: strlen(start)).map { UInt8(bitPattern: $0) }
        }
    }

    /// The path as a text that ``init(spelled:)`` takes back, whatever its bytes are.
    package var spelled: String { Spelling.text(bytes) }

    /// The path as messages have it: ``spelled``, but always one line.
    package var shown: String { spelled.replacing("\n", with: "\\u{a}") }

    /// The path with the same bytes and others after them.
    package func with(suffix: String) -> FilePath { FilePath(bytes: bytes + Array(suffix.utf8)) }

    /// The path of a name in this folder.
    package func appending(_ name: FileName) -> FilePath {
        let folder = bytes
        guard !folder.isEmpty else { return FilePath(bytes: name.bytes) }
        return FilePath(bytes: folder + (folder.last == UInt8(ascii: "/") ? [] : [UInt8(ascii: "/")]) + name.bytes)
    }

    /// The folder that relative paths begin in; empty if it was deleted.
    package static var workingFolder: FilePath {
        guard let path = unsafe cposix_working_folder() else { return FilePath() }
        defer { unsafe free(path) }
        return unsafe FilePath(platformString: path)
    }
}
