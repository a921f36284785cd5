//! Memory maps (ipc/MM).

use cerium_coredll::catalogue::{Processor, by_name};
use cerium_coredll::{Address, CeApi, NULL, OUT, Text};
use cerium_guest::Ce;
use cerium_handle::Handle;

use super::ipc_stage::*;
use super::stage::*;
use super::{Case, case};

const READ_ONLY: u32 = 2;
const READ_WRITE: u32 = 4;
const MAP_WRITE: u32 = 2;
const MAP_READ: u32 = 4;
const ALL_ACCESS: u32 = 0xf_001f;
const GRANULARITY: u32 = 0x1_0000;

async fn create(ce: &Ce, protection: u32, size: u32, name: impl Into<Text>) -> Handle {
    ce.CreateFileMapping(Handle::INVALID, NULL, protection, 0_u32, size, name).await
}

/// A map of this name and of 8192 bytes.
async fn map(ce: &Ce, name: &str) -> Handle {
    create(ce, READ_WRITE, 8192, name).await
}

/// A view of the whole of it, for writing.
async fn view(ce: &Ce, map: Handle) -> u32 {
    ce.MapViewOfFile(map, MAP_WRITE, 0_u32, 0_u32, 0_u32).await
}

/// A view of the map of this name.
async fn view_of(ce: &Ce, name: &str) -> u32 {
    let map = map(ce, name).await;
    view(ce, map).await
}

/// Views from an offset on.
async fn view_at(ce: &Ce, map: Handle, offset: u32, bytes: u32) -> (u32, u32) {
    ce.noting(ce.MapViewOfFile(map, MAP_READ, 0_u32, offset, bytes)).await
}

pub(super) const MAPS: &[Case] = &[
    case!("ipc/MM-001", "ee490172", async |ce| {
        let (map, error) = ce.noting(map(&ce, "m")).await;
        assert!(map != Handle::NULL && error == 0);
        let view = view(&ce, map).await;
        assert!((0..8192).step_by(4).all(|offset| ce.read_u32(view + offset) == Some(0)));
    }),
    case!("ipc/MM-002", "ee490172", async |ce| {
        let first = map(&ce, "m").await;
        let (second, error) = ce.noting(map(&ce, "m")).await;
        assert!(second != first && error == 183);
        let (first, second) = (view(&ce, first).await, view(&ce, second).await);
        ce.write_u32(first, 7).unwrap();
        assert_eq!(ce.read_u32(second), Some(7));
    }),
    case!("ipc/MM-003", "inference", async |ce| {
        map(&ce, "m").await;
        let second = create(&ce, READ_WRITE, 4 * GRANULARITY, "m").await;
        assert_eq!(view_at(&ce, second, GRANULARITY, 4).await.0, 0, "it has 8192 bytes");
    }),
    case!("ipc/MM-004", "ee490172", async |ce| {
        assert_eq!(ce.noting(create(&ce, READ_WRITE, 0, "m")).await, (Handle::NULL, 87));
    }),
    case!("ipc/MM-005", "7-Zip idiom", async |ce| {
        map(&ce, "m").await;
        let (second, error) = ce.noting(create(&ce, READ_ONLY, 0, "m")).await;
        assert!(second != Handle::NULL && error == 183);
    }),
    case!("ipc/MM-006", "aa517331", async |ce| {
        assert_eq!(create(&ce, READ_ONLY, 8192, "m").await, Handle::NULL);
    }),
    case!(
        "ipc/MM-007",
        "ee490172",
        async |ce| {
            let view = view_of(&ce, "m").await;
            ce.write_u32(view + 4, 7).unwrap();
            assert_eq!(ce.end_of("P2").await, 7);
        },
        async |ce| {
            let view = view_of(&ce, "m").await;
            ce.read_u32(view + 4).unwrap()
        }
    ),
    case!(
        "ipc/MM-008",
        "ee482776",
        async |ce| {
            view_of(&ce, "another").await;
            let view = view_of(&ce, "m").await;
            assert_eq!(ce.end_of("P2").await, view);
        },
        async |ce| { view_of(&ce, "m").await }
    ),
    case!(
        "ipc/MM-009",
        "ee482776",
        async |ce| {
            let view = view_of(&ce, "m").await;
            ce.start_with("P2", saying(&[view])).await;
        },
        async |ce| {
            let [view] = given(&ce);
            assert_eq!(ce.read_u32(view), None);
        }
    ),
    case!("ipc/MM-010", "aa914405", async |ce| {
        // Without a file no map can be made read-only.
        let file = ce.CreateFile("\\Temp\\m", 0xC000_0000_u32, 0_u32, NULL, 2_u32, 0_u32, NULL).await.0;
        assert!(ce.WriteFile(file, &[7; 100], OUT, NULL).await.0.0);
        let map = ce.CreateFileMapping(file, NULL, READ_ONLY, 0_u32, 0_u32, NULL).await;
        assert_ne!(map, Handle::NULL);
        assert_eq!(view(&ce, map).await, 0);
    }),
    case!("ipc/MM-011", "aa914405", async |ce| {
        let map = map(&ce, "m").await;
        let view = ce.MapViewOfFile(map, MAP_READ, 0_u32, 0_u32, 0_u32).await;
        assert_eq!(ce.read_u32(view), Some(0));
        assert_eq!(ce.write_u32(view, 7), None);
        assert_eq!(ce.read_u32(view), Some(0));
    }),
    case!("ipc/MM-012", "ms891386", async |ce| {
        let map = map(&ce, "m").await;
        let all = ce.MapViewOfFile(map, ALL_ACCESS, 0_u32, 0_u32, 0_u32).await;
        let write = ce.MapViewOfFile(map, MAP_WRITE, 0_u32, 0_u32, 0_u32).await;
        assert!(ce.write_u32(all, 7).is_some() && ce.read_u32(write) == Some(7));
    }),
    case!("ipc/MM-013", "aa914405", async |ce| {
        let map = map(&ce, "m").await;
        assert_eq!(view_at(&ce, map, 0x1000, 4).await, (0, 87));
    }),
    case!("ipc/MM-014", "inference", async |ce| {
        let map = create(&ce, READ_WRITE, GRANULARITY + 8192, NULL).await;
        assert_ne!(view_at(&ce, map, GRANULARITY, 8192).await.0, 0);
        assert_eq!(view_at(&ce, map, GRANULARITY, 8193).await.0, 0);
        assert_eq!(view_at(&ce, map, 2 * GRANULARITY, 0).await.0, 0);
    }),
    case!("ipc/MM-015", "ee489549", async |ce| {
        let map = map(&ce, "m").await;
        let (first, second) = (view(&ce, map).await, view(&ce, map).await);
        ce.write_u32(second + 8, 7).unwrap();
        assert_eq!(ce.read_u32(first + 8), Some(7));
    }),
    case!("ipc/MM-016", "aa910673", async |ce| {
        let view = view_of(&ce, "m").await;
        assert_eq!(ce.UnmapViewOfFile(Address(view + 4)).await, FALSE);
        assert_eq!(ce.UnmapViewOfFile(Address(view)).await, TRUE);
    }),
    case!("ipc/MM-017", "aa910673", async |ce| {
        let view = view_of(&ce, "m").await;
        assert_eq!(ce.UnmapViewOfFile(Address(view)).await, TRUE);
        assert_eq!(ce.UnmapViewOfFile(Address(view)).await, FALSE);
    }),
    case!("ipc/MM-018", "ms892373", async |ce| {
        let first = map(&ce, "m").await;
        let view = view(&ce, first).await;
        assert_eq!(ce.CloseHandle(first).await, TRUE);
        ce.write_u32(view, 7).unwrap();
        assert_eq!(ce.read_u32(view), Some(7));
        assert_eq!(ce.noting(map(&ce, "m")).await.1, 183);
    }),
    case!("ipc/MM-019", "inference", async |ce| {
        let first = map(&ce, "m").await;
        let old = view(&ce, first).await;
        ce.write_u32(old, 7).unwrap();
        ce.CloseHandle(first).await;
        ce.UnmapViewOfFile(Address(old)).await;
        let (second, error) = ce.noting(map(&ce, "m")).await;
        assert_eq!(error, 0);
        let view = view(&ce, second).await;
        assert_eq!(ce.read_u32(view), Some(0));
    }),
    case!("ipc/MM-020", "ms890303", async |ce| {
        let view = view_of(&ce, "m").await;
        assert_eq!(ce.FlushViewOfFile(Address(view), 0_u32).await, FALSE);
    }),
    case!("ipc/MM-021", "ms890303", async |ce| {
        let view = view_of(&ce, "m").await;
        assert_eq!(ce.FlushViewOfFile(Address(view), 4096_u32).await, TRUE);
    }),
    case!(
        "ipc/MM-022",
        "inference",
        async |ce| {
            let view = view_of(&ce, "m").await;
            assert_eq!(ce.end_of("P2").await, 0);
            assert_eq!(ce.read_u32(view), Some(7));
            assert_eq!(ce.noting(map(&ce, "theirs")).await.1, 0, "their view has gone");
        },
        async |ce| {
            let view = view_of(&ce, "m").await;
            ce.write_u32(view, 7).unwrap();
            view_of(&ce, "theirs").await;
        }
    ),
    case!("ipc/MM-023", "inference", async |ce| {
        let closed = ce.closed_handle().await;
        assert_eq!(ce.noting(view(&ce, closed)).await, (0, 6));
    }),
    case!("ipc/MM-024", "ee490366", async |_ce| {
        for processor in [Processor::Arm, Processor::X86] {
            assert!(by_name(processor, "OpenFileMappingW").is_none());
            assert!(by_name(processor, "OpenFileMapping").is_none());
        }
    }),
    case!("ipc/MM-025", "ee489549", async |ce| {
        let view = view_of(&ce, "m").await;
        assert_eq!(ce.FlushViewOfFile(Address(view + 4), 4096_u32).await, FALSE);
    }),
];
