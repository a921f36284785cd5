library paslib;
{ A DLL in Free Pascal: functions for pascal.exe, one of which raises and catches
  an exception of its own, one that lets the caller's callback be called, and one
  that counts the threads that have come and gone, as DllMain is told of them. }
{$mode objfpc}{$H+}
uses windows, sysutils;

type
  TVisit = procedure(n: longint; data: pointer); cdecl;

var
  entered, left: longint;
  counts: array of longint;

function Fibonacci(n: longint): longint; cdecl;
var
  i: longint;
begin
  if n >= length(counts) then
  begin
    i := length(counts);
    setlength(counts, n + 1);
    while i <= n do
    begin
      if i < 2 then counts[i] := i else counts[i] := counts[i - 1] + counts[i - 2];
      inc(i);
    end;
  end;
  result := counts[n];
end;

function ParseOr(text: PWideChar; fallback: longint): longint; cdecl;
begin
  try
    result := StrToInt(string(widestring(text)));
  except
    on EConvertError do result := fallback;
  end;
end;

procedure VisitDivisors(n: longint; visit: TVisit; data: pointer); cdecl;
var
  d: longint;
begin
  for d := 1 to n do
    if n mod d = 0 then visit(d, data);
end;

function Reversed(const text: PWideChar; room: PWideChar; size: longint): longint; cdecl;
var
  s, r: widestring;
  i: longint;
begin
  s := text;
  setlength(r, length(s));
  for i := 1 to length(s) do r[i] := s[length(s) + 1 - i];
  if length(r) >= size then exit(-1);
  move(PWideChar(r)^, room^, (length(r) + 1) * sizeof(widechar));
  result := length(r);
end;

function Hypotenuse(a, b: double): double; cdecl;
begin
  result := sqrt(a * a + b * b);
end;

procedure ThreadsSeen(out came, went: longint); cdecl;
begin
  came := entered;
  went := left;
end;

procedure Come(reserved: PtrInt);
begin
  InterlockedIncrement(entered);
end;

procedure Go(reserved: PtrInt);
begin
  InterlockedIncrement(left);
end;

exports
  Fibonacci name 'Fibonacci',
  ParseOr name 'ParseOr',
  VisitDivisors name 'VisitDivisors',
  Reversed name 'Reversed',
  Hypotenuse name 'Hypotenuse',
  ThreadsSeen name 'ThreadsSeen';

begin
  Dll_Thread_Attach_Hook := @Come;
  Dll_Thread_Detach_Hook := @Go;
end.
