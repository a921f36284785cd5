//! Processes (ipc/PR).

use cerium_coredll::{CeApi, NULL, OUT};
use cerium_handle::Handle;

use super::ipc_stage::*;
use super::stage::*;
use super::{Case, case};

const INHERIT_CALLER_PRIORITY: u32 = 0x2_0000;
const DETACHED_PROCESS: u32 = 8;

pub(super) const PROCESSES: &[Case] = &[
    case!(
        "ipc/PR-001",
        "ee488927",
        async |ce| {
            let child = ce.create("P2", 0).await;
            assert!(child.hProcess != Handle::NULL && child.hThread != Handle::NULL);
            assert!(child.dwProcessId != 0 && child.dwThreadId != 0);
        },
        async |_ce| {}
    ),
    case!(
        "ipc/PR-002",
        "ee482760",
        async |ce| {
            let (created, _) =
                ce.CreateProcess(NULL, "P2", NULL, NULL, NULL, 0_u32, NULL, NULL, NULL, OUT).await;
            assert_eq!(created, FALSE);
        },
        async |_ce| {}
    ),
    Case::skipped("ipc/PR-003", "needs executables in folders: images of Rust guests have whole names"),
    Case::skipped("ipc/PR-004", "needs executables in folders: images of Rust guests have whole names"),
    case!(
        "ipc/PR-005",
        "ee488927",
        async |ce| {
            assert_eq!(ce.end_of("P2").await, 1);
        },
        async |ce| { u32::from(ce.command_line() == "P2") }
    ),
    case!("ipc/PR-006", "inference", async |ce| {
        let create = ce.CreateProcess("P9", NULL, NULL, NULL, NULL, 0_u32, NULL, NULL, NULL, OUT);
        let ((created, _), error) = ce.noting(create).await;
        assert_eq!((created, error), refused(2));
    }),
    case!(
        "ipc/PR-007",
        "ms885182",
        async |ce| {
            let event = ce.named_event(false, "E").await;
            let child = ce.create("P2", CREATE_SUSPENDED).await;
            assert_eq!(ce.WaitForSingleObject(event, ms(500)).await, TMO);
            assert_eq!(ce.ResumeThread(child.hThread).await.0, 1);
            assert_eq!(ce.wait(event).await, OBJ0);
        },
        async |ce| {
            let event = ce.open_event("E").await;
            assert_eq!(ce.SetEvent(event).await, TRUE);
        }
    ),
    case!(
        "ipc/PR-008",
        "ee488168",
        async |ce| {
            let child = ce.create("P2", 0).await;
            assert_eq!(ce.CeGetThreadPriority(child.hThread).await.0, 251);
        },
        async |_ce| {}
    ),
    case!(
        "ipc/PR-009",
        "ms885182",
        async |ce| {
            ce.run_at(100).await;
            let child = ce.create("P2", INHERIT_CALLER_PRIORITY).await;
            assert_eq!(ce.CeGetThreadPriority(child.hThread).await.0, 100);
        },
        async |_ce| {}
    ),
    Case::skipped("ipc/PR-010", "needs an executable: a Rust guest can pass only NULL there"),
    case!(
        "ipc/PR-011",
        "OQ-6",
        async |ce| {
            let child = ce.create("P2", DETACHED_PROCESS).await;
            assert_eq!(ce.wait(child.hProcess).await, OBJ0);
        },
        async |_ce| {}
    ),
    case!(
        "ipc/PR-012",
        "ms885182",
        async |ce| {
            ce.run_at(100).await;
            let child = ce.create("P2", 0).await;
            assert_eq!(ce.CeGetThreadPriority(child.hThread).await.0, 251);
        },
        async |_ce| {}
    ),
    case!(
        "ipc/PR-013",
        "ee482771",
        async |ce| {
            let child = ce.start("P2").await;
            assert_eq!(ce.poll(child.hProcess).await, TMO);
        },
        async |ce| {
            ce.Sleep(ms(100)).await;
        }
    ),
    case!(
        "ipc/PR-014",
        "ee482771",
        async |ce| {
            let child = ce.start("P2").await;
            assert_eq!(ce.poll(child.hProcess).await, OBJ0);
            assert_eq!(ce.poll(child.hProcess).await, OBJ0);
        },
        async |_ce| {}
    ),
    case!(
        "ipc/PR-015",
        "ms885182",
        async |ce| {
            let child = ce.start("P2").await;
            assert_eq!(ce.poll(child.hThread).await, OBJ0);
        },
        async |_ce| {}
    ),
    case!(
        "ipc/PR-016",
        "aa915088",
        async |ce| {
            let child = ce.start("P2").await;
            assert_eq!(ce.GetExitCodeProcess(child.hProcess, OUT).await, (TRUE, STILL_ACTIVE));
        },
        async |ce| {
            ce.Sleep(ms(100)).await;
        }
    ),
    case!(
        "ipc/PR-017",
        "aa915088",
        async |ce| {
            assert_eq!(ce.end_of("P2").await, 7);
        },
        async |_ce| { 7_u32 }
    ),
    case!(
        "ipc/PR-018",
        "ee488596",
        async |ce| {
            let child = ce.create("P2", 0).await;
            assert_eq!(ce.wait(child.hThread).await, OBJ0);
            assert_eq!(ce.process_code(child.hProcess).await, 9);
        },
        async |ce| {
            // ExitProcess in the headers.
            ce.thread(251, async |ce| ce.TerminateProcess(THIS_PROCESS, 9_u32).await).await;
            ce.Sleep(INFINITE).await;
        }
    ),
    case!(
        "ipc/PR-019",
        "ee482850",
        async |ce| {
            ce.run_at(100).await;
            let child = ce.create("P2", 0).await;
            let secondary = ce.heard().await;
            let secondary = ce.open_thread(secondary).await;
            assert_eq!(ce.poll(secondary).await, TMO);
            assert_eq!(ce.wait(child.hProcess).await, OBJ0);
            assert_eq!(ce.poll(secondary).await, OBJ0);
        },
        async |ce| {
            let secondary = ce.thread(251, async |ce| ce.spin().await).await;
            ce.tell(secondary.id).await;
            ce.ExitThread(5_u32).await;
        }
    ),
    case!(
        "ipc/PR-020",
        "ee482850",
        async |ce| {
            assert_eq!(ce.end_of("P2").await, 5);
        },
        async |ce| {
            ce.thread(251, async |ce| ce.spin().await).await;
            ce.ExitThread(5_u32).await;
        }
    ),
    case!(
        "ipc/PR-021",
        "ee482850",
        async |ce| {
            assert_eq!(ce.end_of("P2").await, 3);
        },
        async |ce| {
            ce.other(async |_ce| 1).await;
            ce.Sleep(ms(10)).await;
            3_u32
        }
    ),
    Case::skipped("ipc/PR-022", "needs an executable: a Rust guest raises no exceptions"),
    case!(
        "ipc/PR-023",
        "ee488418",
        async |ce| {
            let child = ce.start("P2").await;
            let opened = ce.open_process(child.dwProcessId).await;
            assert_ne!(opened, Handle::NULL);
            assert_eq!(ce.poll(opened).await, TMO);
            assert_eq!(ce.wait(opened).await, OBJ0);
        },
        async |ce| {
            ce.Sleep(ms(10)).await;
        }
    ),
    case!("ipc/PR-024", "ee488418", async |ce| {
        assert_eq!(ce.noting(ce.open_process(0x7fff_fff0)).await, (Handle::NULL, 87));
    }),
    case!("ipc/PR-025", "ee482861", async |ce| {
        let id = ce.GetProcessId(THIS_PROCESS).await;
        assert_ne!(ce.open_process(id).await, ce.open_process(id).await);
    }),
    case!(
        "ipc/PR-026",
        "aa450927",
        async |ce| {
            let child = ce.start("P2").await;
            let second = ce.open_process(child.dwProcessId).await;
            ce.CloseHandle(child.hThread).await;
            ce.CloseHandle(child.hProcess).await;
            assert_eq!(ce.wait(second).await, OBJ0);
            assert_eq!(ce.process_code(second).await, 7);
        },
        async |ce| {
            ce.Sleep(ms(10)).await;
            7_u32
        }
    ),
    case!(
        "ipc/PR-027",
        "OQ-10",
        async |ce| {
            let child = ce.start("P2").await;
            assert_eq!(ce.poll(child.hProcess).await, OBJ0);
            assert_eq!(ce.open_process(child.dwProcessId).await, Handle::NULL);
        },
        async |_ce| {}
    ),
    case!(
        "ipc/PR-028",
        "aa450927",
        async |ce| {
            let child = ce.start("P2").await;
            let opened = ce.open_process(child.dwProcessId).await;
            assert_eq!(ce.TerminateProcess(opened, 3_u32).await, TRUE);
            assert_eq!(ce.wait(opened).await, OBJ0);
            assert_eq!(ce.process_code(opened).await, 3);
        },
        async |ce| {
            ce.Sleep(INFINITE).await;
        }
    ),
    case!(
        "ipc/PR-029",
        "aa450927",
        async |ce| {
            let child = ce.start("P2").await;
            let secondary = ce.heard().await;
            let secondary = ce.open_thread(secondary).await;
            assert_eq!(ce.TerminateProcess(child.hProcess, 3_u32).await, TRUE);
            for thread in [child.hThread, secondary] {
                assert_eq!(ce.wait(thread).await, OBJ0);
                assert_eq!(ce.thread_code(thread).await, 3);
            }
        },
        async |ce| {
            let secondary = ce.thread(251, async |ce| ce.Sleep(INFINITE).await).await;
            ce.tell(secondary.id).await;
            ce.Sleep(INFINITE).await;
        }
    ),
    case!(
        "ipc/PR-030",
        "ee482776",
        async |ce| {
            let child = ce.start("P2").await;
            assert_eq!(ce.TerminateProcess(child.hProcess, 3_u32).await, TRUE);
            assert_eq!(ce.wait(child.hProcess).await, OBJ0);
        },
        async |ce| {
            ce.Sleep(INFINITE).await;
        }
    ),
    case!(
        "ipc/PR-031",
        "aa450927",
        async |ce| {
            assert_eq!(ce.end_of("P2").await, 4);
        },
        async |ce| {
            ce.TerminateProcess(THIS_PROCESS, 4_u32).await;
            5_u32
        }
    ),
    case!(
        "ipc/PR-032",
        "OQ-13",
        async |ce| {
            let child = ce.start("P2").await;
            assert_eq!(ce.TerminateProcess(child.hProcess, 8_u32).await, FALSE);
            assert_eq!(ce.process_code(child.hProcess).await, 7);
        },
        async |_ce| { 7_u32 }
    ),
    case!("ipc/PR-033", "inference", async |ce| {
        let process = ce.closed_handle().await;
        assert_eq!(ce.noting(ce.TerminateProcess(process, 0_u32)).await, refused(6));
    }),
    case!("ipc/PR-034", "kfuncs.h", async |ce| {
        assert_ne!(ce.GetProcessId(Handle(66)).await, 0);
        assert_eq!(ce.process_code(Handle(66)).await, STILL_ACTIVE);
    }),
    case!(
        "ipc/PR-035",
        "kfuncs.h",
        async |ce| {
            let child = ce.start("P2").await;
            assert_ne!(child.dwProcessId, 66);
            assert_eq!(ce.process_code(child.hProcess).await, child.dwProcessId);
        },
        async |ce| { ce.GetProcessId(THIS_PROCESS).await }
    ),
    case!("ipc/PR-036", "ee488443", async |ce| {
        assert_eq!(ce.poll(THIS_PROCESS).await, TMO);
    }),
    case!(
        "ipc/PR-037",
        "aa450927",
        async |ce| {
            let child = ce.start("P2").await;
            let event = ce.open_event("E").await;
            assert_ne!(event, Handle::NULL);
            ce.CloseHandle(event).await;
            assert_eq!(ce.wait(child.hProcess).await, OBJ0);
            assert_eq!(ce.noting(ce.named_event(false, "E")).await.1, 0);
        },
        async |ce| {
            ce.named_event(false, "E").await;
            ce.Sleep(ms(10)).await;
        }
    ),
    case!(
        "ipc/PR-038",
        "ee490442",
        async |ce| {
            let event = ce.named_event(false, "E").await;
            let child = ce.create("P2", 0).await;
            assert_eq!(ce.wait(child.hProcess).await, OBJ0);
            assert_eq!(ce.SetEvent(event).await, TRUE);
            assert_eq!(ce.poll(event).await, OBJ0);
        },
        async |ce| {
            assert_ne!(ce.open_event("E").await, Handle::NULL);
        }
    ),
    case!(
        "ipc/PR-039",
        "ms885182",
        async |ce| {
            let event = ce.named_event(false, "E").await;
            let child = ce.create("P2", 0).await;
            ce.CloseHandle(child.hProcess).await;
            ce.CloseHandle(child.hThread).await;
            assert_eq!(ce.wait(event).await, OBJ0);
        },
        async |ce| {
            let event = ce.open_event("E").await;
            ce.Sleep(ms(10)).await;
            ce.SetEvent(event).await;
        }
    ),
    case!(
        "ipc/PR-040",
        "ee482826",
        async |ce| {
            let go = ce.named_event(true, "go").await;
            let mut children = Vec::new();
            for _ in 0..64 {
                children.push(ce.start("P2").await.hProcess);
            }
            for child in &children {
                assert_eq!(ce.poll(*child).await, TMO);
            }
            ce.SetEvent(go).await;
            for child in children {
                assert_eq!(ce.wait(child).await, OBJ0);
            }
        },
        async |ce| {
            let go = ce.open_event("go").await;
            ce.wait(go).await;
        }
    ),
    Case::skipped("ipc/PR-041", "needs an executable: a Rust guest has no libraries"),
    Case::skipped("ipc/PR-042", "needs an executable: a Rust guest raises no exceptions"),
    Case::skipped("ipc/PR-043", "needs an executable: a Rust guest has no user data page"),
];
