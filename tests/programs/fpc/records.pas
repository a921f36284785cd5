unit records;
{ What pascal.pas checks things with, and the classes that it works on. Its
  initialization and finalization leave a mark that the program looks at. }
{$mode objfpc}{$H+}
interface
uses sysutils, classes;

type
  { A record as a typed file holds it. }
  TItem = packed record
    id: longint;
    price: double;
    name: string[15];
    flags: set of 0..15;
  end;

  IShape = interface
    ['{6B0E4D52-5C0B-4C0B-9E9A-1A2B3C4D5E6F}']
    function Area: double;
    function Name: ansistring;
  end;

  TShape = class(TInterfacedObject, IShape)
    function Area: double; virtual; abstract;
    function Name: ansistring; virtual;
    destructor Destroy; override;
  end;

  TSquare = class(TShape)
    side: double;
    constructor Create(aSide: double);
    function Area: double; override;
    function Name: ansistring; override;
  end;

  TCircle = class(TShape)
    radius: double;
    constructor Create(aRadius: double);
    function Area: double; override;
  end;

  EStock = class(Exception)
    count: longint;
    constructor Create(aCount: longint);
  end;

var
  shapesGone: longint = 0;
  initialized: boolean = false;
  failures: longint = 0;
  firstFailure: longint = 0;

{ A check that must hold, by its number. }
procedure Check(number: longint; holds: boolean);
{ Two texts that must be the same. }
procedure CheckText(number: longint; const found, wanted: ansistring);
{ The bytes of a string, whatever its code page. }
function Bytes(const text: rawbytestring): ansistring;
function Item(id: longint): TItem;

implementation

procedure Check(number: longint; holds: boolean);
begin
  if holds then exit;
  inc(failures);
  if firstFailure = 0 then firstFailure := number;
  writeln('FAIL check ', number);
end;

procedure CheckText(number: longint; const found, wanted: ansistring);
begin
  if found <> wanted then writeln('found "', found, '", not "', wanted, '"');
  Check(number, found = wanted);
end;

function Item(id: longint): TItem;
begin
  fillchar(result, sizeof(result), 0);
  result.id := id;
  result.price := id * 1.25;
  result.name := 'item ' + IntToStr(id);
  result.flags := [id mod 16, 3];
end;

function Bytes(const text: rawbytestring): ansistring;
var
  i: longint;
begin
  result := '';
  for i := 1 to length(text) do result := result + IntToHex(ord(text[i]), 2);
end;

function TShape.Name: ansistring;
begin
  result := ClassName;
end;

destructor TShape.Destroy;
begin
  inc(shapesGone);
  inherited Destroy;
end;

constructor TSquare.Create(aSide: double);
begin
  side := aSide;
end;

function TSquare.Area: double;
begin
  result := side * side;
end;

function TSquare.Name: ansistring;
begin
  result := 'square of ' + inherited Name;
end;

constructor TCircle.Create(aRadius: double);
begin
  radius := aRadius;
end;

function TCircle.Area: double;
begin
  result := pi * sqr(radius);
end;

constructor EStock.Create(aCount: longint);
begin
  inherited CreateFmt('only %d left', [aCount]);
  count := aCount;
end;

initialization
  initialized := true;
finalization
  if firstFailure = 0 then writeln('records: done');
end.
